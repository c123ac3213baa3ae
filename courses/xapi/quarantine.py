"""Names that other systems send and nobody here knows: noted as they come, decided by a manager."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from courses import audit
from courses.catalogue.models import Activity
from courses.people.enums import Role
from courses.people.models import Adviser, User
from courses.shared.errors import AccessDeniedError, DomainError
from courses.shared.workflow import Step, Workflow

from .models import QuarantineEntry, QuarantineState

QUARANTINE_WORKFLOW = Workflow(
    "Nom inconnu",
    QuarantineState,
    {
        "attach": Step({QuarantineState.OPEN}, QuarantineState.ATTACHED),
        "ignore": Step({QuarantineState.OPEN}, QuarantineState.IGNORED),
        "reopen": Step({QuarantineState.ATTACHED, QuarantineState.IGNORED}, QuarantineState.OPEN),
    },
)
_ACTIONS = {
    "attach": "xapi.quarantine.attach",
    "ignore": "xapi.quarantine.ignore",
    "reopen": "xapi.quarantine.reopen",
}
# One sentence for all cases: the answer does not tell who has an account here.
NOBODY = "Aucun conseiller ne correspond à cette adresse électronique ou à cet identifiant."
# The store’s own authorities: accounts of this site that are no persons.
_AUTHORITIES = ("system/", "org/", "jury/", "user/")


class QuarantineError(DomainError):
    """The decision does not fit the name."""


def note_unknown(
    *, organisation_id: int, actors: Mapping[str, int], activities: Mapping[str, int], at: datetime
) -> None:
    """Keep for a human the names (identifier → row) that an external key has just sent and nobody here knows.

    Three queries at most, whatever their number; a name already noted for this organisation stays as it is. An
    anonymous group is nobody: its members are named beside it.
    """
    strangers = actors.keys() - _known_actors(actors)
    things = activities.keys() - _known_activities(activities)
    entries = [
        QuarantineEntry(organisation_id=organisation_id, actor_id=actors[ifi], first_seen_at=at)
        for ifi in sorted(strangers)
    ] + [
        QuarantineEntry(organisation_id=organisation_id, activity_id=activities[iri], first_seen_at=at)
        for iri in sorted(things)
    ]
    if entries:
        QuarantineEntry.objects.bulk_create(entries, ignore_conflicts=True)


def _known_actors(ifis: Mapping[str, int]) -> set[str]:
    """Those that are an account of this site, or no person at all."""
    home = f"account:{settings.LMS_PUBLIC_URL}|"
    named = {ifi: ifi.removeprefix(home) for ifi in ifis if ifi.startswith(home)}
    uuids = {ifi: uuid for ifi, name in named.items() if (uuid := _uuid(name))}
    persons = (
        set(User.objects.filter(public_id__in=uuids.values()).values_list("public_id", flat=True))
        if uuids
        else set()
    )
    return (
        {ifi for ifi, uuid in uuids.items() if uuid in persons}
        | {ifi for ifi, name in named.items() if name.startswith(_AUTHORITIES)}
        | {ifi for ifi in ifis if ifi.startswith("group:")}
    )


def _known_activities(iris: Mapping[str, int]) -> set[str]:
    """Those of the catalogue, and what the store itself names."""
    own = {iri for iri in iris if iri.startswith(f"{settings.LMS_PUBLIC_URL}/xapi/")}
    others = iris.keys() - own
    if not others:
        return own
    return own | set(Activity.objects.filter(iri__in=others).values_list("iri", flat=True))


def _uuid(text: str) -> UUID | None:
    """The UUID that this text writes in the one form that this site writes."""
    try:
        uuid = UUID(text)
    except ValueError:
        return None
    return uuid if str(uuid) == text else None


def find_adviser(typed: str) -> User:
    """The one active adviser of this exact e-mail address or public identifier, or QuarantineError."""
    wanted = typed.strip()
    advisers = User.objects.filter(is_active=True, adviser__isnull=False)
    uuid = _uuid(wanted.lower())
    found = list(advisers.filter(public_id=uuid) if uuid else advisers.filter(email__iexact=wanted)[:2])
    if not wanted or len(found) != 1:
        raise QuarantineError(NOBODY, field="person")
    return found[0]


@transaction.atomic
def attach_actor(*, entry_id: int, user: User, actor: User, at: datetime, reason: str) -> QuarantineEntry:
    """Say which adviser this actor is. His statements stay as they are."""
    entry = _locked(entry_id, actor)
    if entry.actor_id is None:
        raise QuarantineError("Ce nom désigne une activité : elle ne se rattache pas à une personne.")
    if not Adviser.objects.filter(user=user, user__is_active=True).exists():
        raise QuarantineError(NOBODY, field="person")
    entry.user = user
    return _decide("attach", entry, actor, at, reason, {"user": str(user.public_id)})


@transaction.atomic
def attach_activity(
    *, entry_id: int, known_activity: Activity, actor: User, at: datetime, reason: str
) -> QuarantineEntry:
    """Say which activity of the organisation this name stands for."""
    entry = _locked(entry_id, actor)
    if entry.activity_id is None:
        raise QuarantineError("Ce nom désigne un acteur : il ne se rattache pas à une activité.")
    if known_activity.module.organisation_id != entry.organisation_id:
        raise QuarantineError("Cette activité n’est pas de votre organisme.", field="known_activity")
    entry.known_activity = known_activity
    return _decide("attach", entry, actor, at, reason, {"activity": str(known_activity.public_id)})


@transaction.atomic
def ignore(*, entry_id: int, actor: User, at: datetime, reason: str = "") -> QuarantineEntry:
    """Say that this name is nobody and nothing of ours."""
    return _decide("ignore", _locked(entry_id, actor), actor, at, reason, {})


@transaction.atomic
def reopen(*, entry_id: int, actor: User, at: datetime, reason: str) -> QuarantineEntry:
    """Take a decision back: the name waits again."""
    entry = _locked(entry_id, actor)
    before = {"was": entry.state}
    entry.user = entry.known_activity = None
    return _decide("reopen", entry, actor, at, reason, before)


def can_decide(user: User, organisation_id: int) -> bool:
    """A manager of the organisation whose key sent the name."""
    return organisation_id in user.rights.organisations_as(Role.ORGANISATION_MANAGER)


def _locked(entry_id: int, actor: User) -> QuarantineEntry:
    entry = QuarantineEntry.objects.select_for_update(of=("self",)).get(pk=entry_id)
    if not can_decide(actor, entry.organisation_id):
        raise AccessDeniedError("Seuls les responsables de cet organisme décident de ses noms inconnus.")
    return entry


def _decide(
    step: str, entry: QuarantineEntry, actor: User, at: datetime, reason: str, after: dict[str, str]
) -> QuarantineEntry:
    QUARANTINE_WORKFLOW.take(step, entry)
    if not reason.strip() and step != "ignore":
        raise QuarantineError("Dites sur quoi repose votre décision.", field="reason")
    decided = entry.state != QuarantineState.OPEN
    entry.decided_by, entry.decided_at = (actor, at) if decided else (None, None)
    entry.reason = reason.strip()
    entry.save(update_fields=["state", "user", "known_activity", "decided_by", "decided_at", "reason"])
    audit.record(
        _ACTIONS[step],
        actor=actor,
        target=entry,
        at=at,
        after={"organisation": entry.organisation_id, "state": entry.state, **after},
        reason=entry.reason,
    )
    return entry
