"""The main menu of each role, and who is signed in."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from courses.api import Role

from .links import CATALOGUE, link

_TRAINING = (Role.ORGANISATION_MANAGER,)
_MONEY = (Role.ORGANISATION_MANAGER, Role.SERVICE_CERTIFIER, Role.PAYER, Role.AUDITOR, Role.PROGRAMME_MANAGER)


@dataclass(frozen=True)
class Entry:
    """One line of the menu: the route it opens and who is shown it."""

    label: str
    route: str
    roles: tuple[str, ...]
    also: tuple[str, ...] = ()  # routes of the same part of the site


# In the order of the menu; a route that does not exist yet leaves its entry out.
MENU = (
    Entry("Catalogue", CATALOGUE, (Role.ADVISER,)),
    Entry("Mes sessions", "my_sessions", (Role.ADVISER,), ("sign_sheet",)),
    Entry(
        "Mon parcours",
        "my_record",
        (Role.ADVISER,),
        ("my_shares", "share_stop", "accommodation_new", "accommodation_end"),
    ),
    Entry("Mes certificats", "my_certificates", (Role.ADVISER,)),
    Entry("Ma certification", "candidacies", (Role.ADVISER,)),
    Entry("Mes attestations", "my_credentials", (Role.ADVISER,)),
    Entry("Émargement", "trainer_today", (Role.TRAINER,), ("sheet",)),
    Entry("Sessions", "sessions", (Role.TRAINER,), ("session",)),
    Entry("Stages", "placements", (Role.PLACEMENT_TUTOR,), ("attest_placement",)),
    Entry("Sessions", "sessions", _TRAINING, ("session", "session_new", "register_learners")),
    Entry("Certificats", "issue_certificates", _TRAINING),
    Entry("Contenus", "wagtailadmin_home", (Role.AUTHOR, Role.ORGANISATION_MANAGER)),
    Entry("Jurys", "jury_sessions", (Role.JURY_MEMBER, Role.PROGRAMME_MANAGER), ("exam_session", "sitting")),
    Entry("Procès-verbaux", "jury_reports", (Role.MINISTRY_REPRESENTATIVE,), ("jury_report",)),
    Entry("Vue nationale", "national", (Role.AUDITOR, Role.PROGRAMME_MANAGER)),
    Entry("Mon département", "national", (Role.PREFECT,)),
    Entry("Personnes", "persons", (Role.AUDITOR, Role.PROGRAMME_MANAGER, Role.PREFECT), ("person", "fact")),
    Entry(
        "Satisfaction",
        "satisfaction",
        (Role.TRAINER, Role.ORGANISATION_MANAGER, Role.PROGRAMME_MANAGER, Role.AUDITOR),
        ("satisfaction_module",),
    ),
    Entry("Mes conseillers", "host_advisers", (Role.HOST_MANAGER,), ("host_adviser",)),
    Entry("Comités", "committees", (Role.PROGRAMME_MANAGER, Role.AUDITOR), ("committee", "committee_new")),
    Entry("Résultats Pix", "pix_results", (Role.PROGRAMME_MANAGER,)),
    Entry(
        "Postes et subventions",
        "post_funding",
        (Role.PROGRAMME_MANAGER, Role.AUDITOR, Role.PREFECT, Role.HOST_MANAGER),
        ("post_funding_posts",),
    ),
    Entry(
        "Demandes de paiement", "claims", _MONEY, ("claim", "claim_new", "claims_to_certify", "claims_to_pay")
    ),
    Entry(
        "Traces",
        "statements_view",
        (Role.ORGANISATION_MANAGER, Role.AUDITOR, Role.PROGRAMME_MANAGER),
        (
            "statement_view",
            "statement_void",
            "quarantine",
            "quarantine_entry",
            "lrs_keys",
            "lrs_key",
            "lrs_key_new",
            "lrs_key_revoke",
            "external_stores",
            "external_store_new",
            "external_store_edit",
            "external_store_stop",
            "external_store_start",
            "dead_letters",
            "dead_letters_replay",
            "dead_letter",
            "dead_letter_drop",
        ),
    ),
    Entry("Dossier d’audit", "audit_pack", (Role.AUDITOR, Role.PROGRAMME_MANAGER), ("audit_pack_prepare",)),
)


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `navigation` (the menu) and `identity` (name and roles) of a signed-in person."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"navigation": []}
    roles: frozenset[str] = getattr(request, "roles", frozenset())
    here = request.resolver_match.url_name if request.resolver_match else ""
    return {
        "navigation": _menu(roles, here or ""),
        "identity": {"name": str(user), "role": role_label(roles)},
    }


def _menu(roles: frozenset[str], here: str) -> list[dict[str, Any]]:
    entries = []
    shown: set[str] = set()
    for entry in (Entry("Accueil", "home", tuple(roles)), *MENU):
        url = _url(entry.route) if roles & set(entry.roles) and entry.route not in shown else ""
        if url:
            shown.add(entry.route)
            active = here == entry.route or here in entry.also
            entries.append({"label": entry.label, "url": url, "active": active})
    return entries


def _url(route: str) -> str:
    return route if route.startswith("/") else link(route)


def role_label(roles: frozenset[str]) -> str:
    """The roles a person holds, in words."""
    return ", ".join(str(role.label) for role in Role if role.value in roles)
