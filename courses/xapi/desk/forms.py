"""What managers ask, and fill in, about keys and unknown names."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest

from courses.catalogue.models import Activity
from courses.people.models import Organisation
from courses.xapi.enums import Scope
from courses.xapi.models import QuarantineEntry, QuarantineState

from .queries import KEY_STATES, KINDS, SCOPES

LIFETIMES = {"3m": ("3 mois", 91), "1y": ("1 an", 365), "2y": ("2 ans", 730), "none": ("Sans fin", None)}
ALL = "tous"


@dataclass(frozen=True)
class Asked:
    """The filters of an address; an unknown word is no filter."""

    state: str
    text: str
    kind: str = ""


def asked_keys(request: HttpRequest) -> Asked:
    """All keys, unless told otherwise."""
    state = request.GET.get("etat", "")
    return Asked(state if state in KEY_STATES else "", _text(request))


def asked_names(request: HttpRequest) -> Asked:
    """What is still to be examined, unless told otherwise."""
    state, kind = request.GET.get("etat", QuarantineState.OPEN.value), request.GET.get("nature", "")
    if state != ALL and state not in QuarantineState.values:
        state = QuarantineState.OPEN.value
    return Asked(state, _text(request), kind if kind in KINDS else "")


def _text(request: HttpRequest) -> str:
    return request.GET.get("q", "").replace("\0", "").strip()[:200]


class KeyForm(forms.Form):
    """A key: for which system, in which organisation, for what and how long."""

    name = forms.CharField(
        label="Usage",
        max_length=100,
        help_text="Quel système s’en servira ? Par exemple : plateforme de l’organisme, export du soir.",
    )
    organisation = forms.ModelChoiceField(
        label="Organisme", queryset=Organisation.objects.none(), empty_label=None
    )
    scopes = forms.MultipleChoiceField(
        label="Ce que la clé ouvre",
        choices=list(SCOPES.items()),
        initial=[Scope.STATEMENTS_WRITE.value],
        widget=forms.CheckboxSelectMultiple,
        help_text="N’ouvrez que le nécessaire : pour envoyer des traces, la première case suffit.",
    )
    lifetime = forms.ChoiceField(
        label="Durée",
        choices=[(value, label) for value, (label, _) in LIFETIMES.items()],
        initial="1y",
        widget=forms.RadioSelect,
        help_text="Passé cette durée, la clé n’ouvre plus rien. Il suffit alors d’en créer une autre.",
    )

    def __init__(self, *args: Any, organisations: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organisation"]
        field.queryset = organisations  # type: ignore[attr-defined]
        if len(organisations) == 1:
            field.initial, field.widget = organisations[0], forms.HiddenInput()

    @property
    def chosen_lifetime(self) -> timedelta | None:
        days = LIFETIMES[self.cleaned_data["lifetime"]][1]
        return timedelta(days=days) if days else None


class ActorForm(forms.Form):
    """Which adviser an actor is."""

    person = forms.CharField(
        label="Conseiller",
        max_length=254,
        help_text="Son adresse électronique exacte, ou son identifiant public.",
    )
    reason = forms.CharField(
        label="Sur quoi repose ce rattachement ?",
        max_length=500,
        help_text="Par exemple : adresse confirmée par le conseiller le 3 mars.",
    )


class ModuleActivityField(forms.ModelChoiceField):
    """An activity, told with its module."""

    def label_from_instance(self, obj: Activity) -> str:
        return f"{obj.module.title} – {obj.title}"


class ActivityForm(forms.Form):
    """Which activity of the organisation a name stands for."""

    known_activity = ModuleActivityField(
        label="Activité de votre organisme", queryset=Activity.objects.none(), empty_label="Choisir…"
    )
    reason = forms.CharField(
        label="Sur quoi repose ce rattachement ?",
        max_length=500,
        help_text="Par exemple : c’est l’adresse de cette leçon sur notre ancienne plateforme.",
    )

    def __init__(self, *args: Any, organisation_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        activities = Activity.objects.filter(module__organisation=organisation_id)
        field: Any = self.fields["known_activity"]
        field.queryset = activities.select_related("module").order_by("module__title", "title", "pk")


class IgnoreForm(forms.Form):
    """Why a name is left aside."""

    reason = forms.CharField(label="Motif", max_length=500, required=False)


class ReopenForm(forms.Form):
    """Why a decision is taken back."""

    reason = forms.CharField(label="Pourquoi revenir sur cette décision ?", max_length=500)


def attach_form(entry: QuarantineEntry, data: Any = None) -> ActorForm | ActivityForm:
    """The form that fits the name."""
    if entry.actor_id:
        return ActorForm(data, auto_id="attach_%s")
    return ActivityForm(data, auto_id="attach_%s", organisation_id=entry.organisation_id)
