"""What trainers and tutors fill in."""

from datetime import date, time, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet

from courses.pathways.models import Enrolment

from .enums import EXCUSED_REASONS, UNEXCUSED_REASONS, AbsenceReason, HalfDay, Presence
from .rules import is_monday, week_end

USUAL_TIMES = {HalfDay.MORNING: (time(9), time(12, 30)), HalfDay.AFTERNOON: (time(13, 30), time(17))}
WEEKS_BACK = 26


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class OpenSheetForm(forms.Form):
    """A half-day of a session, in the session’s own time."""

    day = forms.DateField(label="Jour", widget=forms.DateInput(attrs={"type": "date"}))
    half_day = forms.ChoiceField(label="Demi-journée", choices=HalfDay.choices, widget=forms.RadioSelect)
    starts = forms.TimeField(label="Début", widget=TimeInput)
    ends = forms.TimeField(label="Fin", widget=TimeInput)


class AbsenceForm(forms.Form):
    """Where a learner stands who has not signed; or the contestation of a signature."""

    def __init__(self, *args: Any, presence: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["situation"] = forms.ChoiceField(
            label="Situation",
            widget=forms.RadioSelect,
            choices=_situations(presence),
            help_text="Indiquez la nature du justificatif que vous avez vu. Ne recopiez ni ne gardez le document.",
        )

    @property
    def chosen(self) -> tuple[str, str]:
        """Presence and reason."""
        presence, _, reason = self.cleaned_data["situation"].partition(":")
        return presence, reason


def _situations(presence: str) -> list[tuple[str, str]]:
    if presence == Presence.PRESENT:
        return [
            (f"{Presence.ABSENT.value}:{AbsenceReason.CONTESTED.value}", "Absent : je conteste la signature")
        ]
    choices = [
        (f"{Presence.ABSENT.value}:{reason.value}", f"Absent – {_lowered(reason.label)}")
        for reason in UNEXCUSED_REASONS
        if reason != AbsenceReason.CONTESTED
    ]
    choices += [
        (f"{Presence.EXCUSED.value}:{reason.value}", f"Absence justifiée – {_lowered(reason.label)}")
        for reason in EXCUSED_REASONS
    ]
    if presence != Presence.EXPECTED:
        choices.append((Presence.EXPECTED.value, "Il est attendu : effacer l’absence"))
    return choices


def _lowered(text: str) -> str:
    return str(text)[:1].lower() + str(text)[1:]


class PlacementForm(forms.Form):
    """The hours of one week of placement."""

    hours = forms.IntegerField(label="Heures", min_value=0, max_value=48, initial=35)
    quarter = forms.TypedChoiceField(
        label="Minutes", coerce=int, initial=0, choices=[(0, "0"), (15, "15"), (30, "30"), (45, "45")]
    )

    field_order = ("week", "hours", "quarter")

    def __init__(self, *args: Any, today: date, since: date, attested: set[date], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.weeks = [week for week in _finished_weeks(today, since) if week not in attested]
        self.fields["week"] = forms.TypedChoiceField(
            label="Semaine",
            coerce=date.fromisoformat,
            empty_value=None,
            choices=[
                (week.isoformat(), f"Du {week:%d/%m/%Y} au {week_end(week):%d/%m/%Y}") for week in self.weeks
            ],
        )
        self.order_fields(self.field_order)

    @property
    def total_minutes(self) -> int:
        return int(self.cleaned_data["hours"]) * 60 + int(self.cleaned_data["quarter"])


def _finished_weeks(today: date, since: date) -> list[date]:
    """The Mondays of the finished weeks, the latest first, not before the learner was enrolled."""
    monday = today
    while not is_monday(monday):
        monday -= timedelta(days=1)
    weeks = [monday - timedelta(weeks=back) for back in range(WEEKS_BACK + 1)]
    return [week for week in weeks if week_end(week) <= today and week_end(week) >= since]


class RegisterForm(forms.Form):
    """The learners to expect in a session."""

    learners = forms.ModelMultipleChoiceField(
        label="Apprenants",
        queryset=Enrolment.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text="Un conseiller inscrit après l’ouverture d’une feuille y est ajouté.",
    )

    def __init__(self, *args: Any, learners: QuerySet[Enrolment], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["learners"].queryset = learners  # type: ignore[attr-defined]
