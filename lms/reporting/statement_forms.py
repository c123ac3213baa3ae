"""What an address may ask of the traces, in the words of a French reader."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from courses.api import VERBS, EvidenceClass
from lms.reporting.queries.statements import Asked, Choices, Sender
from lms.reporting.rules import end_of_day

_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")
_WEB = re.compile(r"https?://\S+")
_SHA1 = re.compile(r"[0-9a-f]{40}", re.IGNORECASE)
_YEARS = range(2000, 2100)
_UNREADABLE_AGENT = (
    "Cet acteur n’est pas lisible : tapez l’identifiant public d’une personne, une adresse électronique, ou un compte "
    "sous la forme https://site.exemple|nom."
)
_UNREADABLE_IRI = (
    "Cette adresse n’en est pas une : elle commence par exemple par https:// et n’a pas d’espace."
)
_UNREADABLE_INSTANT = "Cette date n’existe pas : écrivez par exemple 2026-03-12 ou 2026-03-12T14:30."
_UNKNOWN_CHOICE = {"invalid_choice": "Ce choix n’existe pas, ou n’est pas de votre ressort."}
_INSTANTS = ("%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d")
# What is typed most often stands first; the rest is behind « Plus de filtres ».
MAIN = ("acteur", "verbe", "activite", "depuis", "jusqu_au")
UNKNOWN = {
    "agent": "Aucune trace ne nomme cet acteur.",
    "verb": "Aucune trace n’emploie ce verbe.",
    "activity": "Aucune trace ne nomme cette activité.",
}


def _instant(label: str, hint: str) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label,
        help_text=hint,
        required=False,
        input_formats=_INSTANTS,
        error_messages={"invalid": _UNREADABLE_INSTANT},
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )


def _choice(label: str, choices: list[tuple[str, str]], hint: str = "") -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, help_text=hint, required=False, choices=choices, error_messages=_UNKNOWN_CHOICE
    )


class StatementFilters(forms.Form):
    """The filters of the specification’s own query, and those of this house. Every field may be left empty."""

    acteur = forms.CharField(
        label="Personne ou compte",
        help_text="Identifiant, courriel ou site|nom",
        required=False,
        max_length=500,
    )
    verbe = _choice(
        "Ce qui a été fait",
        [("", "Tous les verbes"), *sorted(((t.name, t.label) for t in VERBS.values()), key=lambda v: v[1])],
    )
    activite = forms.CharField(
        label="Activité", help_text="Son adresse (IRI)", required=False, max_length=1000
    )
    depuis = _instant("Reçues après le", "Heure de Paris")
    jusqu_au = _instant("Reçues jusqu’au", "Heure de Paris, comprise")
    autre_verbe = forms.CharField(
        label="Un autre verbe", help_text="Son adresse (IRI)", required=False, max_length=500
    )
    inscription = forms.CharField(
        label="Inscription", help_text="Son identifiant", required=False, max_length=50
    )
    classe = _choice(
        "Classe de preuve",
        [("", "Toutes les classes"), *((c.value, f"{c.value}, {c.label}") for c in EvidenceClass)],
    )
    envoi = _choice("Envoyées par", [])
    organisme = _choice("Organisme", [])
    annulees = _choice(
        "Annulées ou non",
        [("", "Toutes les traces"), ("non", "En vigueur seulement"), ("oui", "Annulées seulement")],
    )
    ordre = _choice("Ordre", [("", "Les plus récentes d’abord"), ("anciennes", "Les plus anciennes d’abord")])
    acteurs_lies = forms.BooleanField(
        label="Chercher la personne ou le compte dans toute la trace",
        help_text="Aussi comme formateur, membre d’un groupe ou garant",
        required=False,
    )
    activites_liees = forms.BooleanField(
        label="Chercher l’activité dans toute la trace",
        help_text="Aussi comme parcours, module ou catégorie dont l’activité fait partie",
        required=False,
    )

    def __init__(self, data: Mapping[str, Any], *, choices: Choices, national: bool) -> None:
        super().__init__(data, auto_id="filtre-%s")
        self._senders: dict[str, Sender] = {sender.value: sender for sender in choices.senders}
        self._organisations = {value: pk for value, _, pk in choices.organisations}
        senders = [("", "Tous les expéditeurs"), *((s.value, s.label) for s in choices.senders)]
        self.fields["envoi"] = _choice("Envoyées par", senders)
        organisations = [
            ("", "Tous les organismes"),
            *((value, label) for value, label, _ in choices.organisations),
        ]
        self.fields["organisme"] = _choice("Organisme", organisations)
        if not national:
            del self.fields["organisme"]

    @property
    def main(self) -> list[forms.BoundField]:
        """The fields that are always shown."""
        return [self[name] for name in MAIN]

    @property
    def others(self) -> list[forms.BoundField]:
        """The fields behind « Plus de filtres »."""
        return [self[name] for name in self.fields if name not in MAIN]

    @property
    def others_in_use(self) -> int:
        """How many of the folded filters hold something."""
        return sum(bool(field.value() or field.errors) for field in self.others)

    @property
    def parameters(self) -> dict[str, str]:
        """What is asked, as the address writes it; empty filters are left out."""
        return {name: str(self.data[name]) for name in self.fields if self.data.get(name)}

    def clean_acteur(self) -> str:
        typed: str = self.cleaned_data["acteur"]
        return agent_name(typed) if typed else ""

    def clean_activite(self) -> str:
        return _iri(self.cleaned_data["activite"])

    def clean_autre_verbe(self) -> str:
        return _iri(self.cleaned_data["autre_verbe"])

    def clean_inscription(self) -> UUID | None:
        typed = self.cleaned_data["inscription"]
        try:
            return UUID(typed) if typed else None
        except ValueError as error:
            raise ValidationError(
                "Cet identifiant d’inscription n’en est pas un : il a 32 signes."
            ) from error

    def clean_depuis(self) -> datetime | None:
        return _in_reach(self.cleaned_data["depuis"])

    def clean_jusqu_au(self) -> datetime | None:
        """A day alone means its end."""
        instant = _in_reach(self.cleaned_data["jusqu_au"])
        alone = len(str(self.data.get("jusqu_au", "")).strip()) == len("2026-03-12")
        return end_of_day(instant.date()) if instant and alone else instant

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if found.get("verbe") and found.get("autre_verbe"):
            self.add_error(
                "autre_verbe", "Choisissez un verbe dans la liste ou tapez son adresse, pas les deux."
            )
        since, until = found.get("depuis"), found.get("jusqu_au")
        if since and until and since >= until:
            self.add_error("jusqu_au", "Cette date vient avant l’autre : aucune trace ne peut répondre.")
        return found

    @property
    def asked(self) -> Asked:
        """The filters of a valid form."""
        found = self.cleaned_data
        known = VERBS.get(found["verbe"])
        return Asked(
            agent=found["acteur"],
            verb=known.iri if known else found["autre_verbe"],
            activity=found["activite"],
            registration=found["inscription"],
            since=found["depuis"],
            until=found["jusqu_au"],
            related_agents=found["acteurs_lies"],
            related_activities=found["activites_liees"],
            ascending=found["ordre"] == "anciennes",
            evidence_class=found["classe"],
            sender=self._senders.get(found["envoi"]),
            voided={"oui": True, "non": False}.get(found["annulees"]),
            organisation=self._organisations.get(found.get("organisme", "")),
        )


def agent_name(typed: str) -> str:
    """As the store writes it: a person’s public id, an e-mail, a `site|name` account, a hash, an OpenID."""
    typed = typed.strip()
    try:
        return f"account:{settings.LMS_PUBLIC_URL}|{UUID(typed)}"
    except ValueError:
        pass
    home, bar, name = typed.partition("|")
    if bar and name.strip() and _WEB.fullmatch(home.strip()):
        return f"account:{home.strip()}|{name.strip()}"
    if _SHA1.fullmatch(typed):
        return f"mbox_sha1sum:{typed}"
    if _WEB.fullmatch(typed) and not bar:
        return f"openid:{typed}"
    address = typed.removeprefix("mailto:")
    try:
        validate_email(address)
    except ValidationError as error:
        raise ValidationError(_UNREADABLE_AGENT) from error
    return f"mbox:mailto:{address}"


def _iri(typed: str) -> str:
    if typed and not _IRI.fullmatch(typed):
        raise ValidationError(_UNREADABLE_IRI)
    return typed


def _in_reach(instant: datetime | None) -> datetime | None:
    if instant and instant.year not in _YEARS:
        raise ValidationError("Cette date est hors de portée : aucune trace n’est de cette année.")
    return instant


class VoidForm(forms.Form):
    """Why a statement is voided."""

    reason = forms.CharField(
        label="Motif",
        help_text="Lu par les auditeurs avec l’annulation. N’y mettez le nom de personne.",
        min_length=10,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"min_length": "Expliquez en une phrase (10 signes au moins)."},
    )
