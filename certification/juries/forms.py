"""Forms of the juries’ screens."""

from typing import Any

from django import forms

from certification.candidacies.models import Candidacy
from certification.qualifications.models import CompetencyBlock
from courses.api import Role
from courses.models import Membership, TrainingOrganisation, User
from courses.shared import clock

from .enums import PRESENT, Appraisal, Outcome
from .models import ExamSession, JuryMember, Sitting
from .queries import jury_rule


class OpenSessionForm(forms.Form):
    """A session of exam to plan."""

    reference = forms.CharField(
        label="Numéro de session", help_text="Celui de la convocation.", max_length=40
    )
    block = forms.ModelChoiceField(label="Bloc de compétences", queryset=CompetencyBlock.objects.none())
    centre = forms.ModelChoiceField(label="Centre agréé", queryset=TrainingOrganisation.objects.none())
    place = forms.CharField(label="Lieu", max_length=200)
    opens_at = forms.DateTimeField(
        label="Ouvre le", widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
    closes_at = forms.DateTimeField(
        label="Ferme le",
        help_text="Le jury ne peut juger et signer qu’entre ces deux instants (heure de Paris).",
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    quorum = forms.IntegerField(
        label="Quorum", help_text="Nombre d’avis sans lequel rien ne se décide.", min_value=1
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = clock.today()
        self.fields["quorum"].initial = jury_rule(today).quorum
        blocks = CompetencyBlock.objects.filter(
            qualification__superseded_at=None, qualification__start__lte=today
        )
        self.fields["block"].queryset = (  # type: ignore[attr-defined]
            blocks.exclude(qualification__kind="pix")
            .exclude(qualification__end__lt=today)
            .order_by("code", "pk")
        )
        centres = TrainingOrganisation.objects.visible_to(user).filter(approved_centre=True)
        self.fields["centre"].queryset = centres.order_by("name")  # type: ignore[attr-defined]


class AppointForm(forms.Form):
    """Somebody who may judge, to seat on a jury."""

    user = forms.ModelChoiceField(label="Membre de jury habilité", queryset=User.objects.none())

    def __init__(self, *args: Any, session: ExamSession, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        able = Membership.objects.as_of(clock.today()).filter(role=Role.JURY_MEMBER).values("user")
        seated = JuryMember.objects.known().filter(exam_session=session).values("user")
        people = User.objects.filter(pk__in=able).exclude(pk__in=seated).order_by("last_name", "first_name")
        self.fields["user"].queryset = people  # type: ignore[attr-defined]


class SummonForm(forms.Form):
    """A candidate to call."""

    candidacy = forms.ModelChoiceField(label="Candidat", queryset=Candidacy.objects.none())

    def __init__(self, *args: Any, session: ExamSession, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        called = Sitting.objects.known().filter(exam_session=session).values("candidacy")
        open_ones = Candidacy.objects.visible_to(user).known().filter(block=session.block_id)
        self.fields["candidacy"].queryset = (  # type: ignore[attr-defined]
            open_ones.exclude(pk__in=called).select_related("adviser__user", "block").order_by("pk")
        )


class OpinionForm(forms.Form):
    """The grid: one appraisal for each competence, then the outcome and a comment."""

    outcome = forms.ChoiceField(label="Votre avis sur le bloc", choices=Outcome, widget=forms.RadioSelect)
    comment = forms.CharField(
        label="Commentaire",
        help_text="Lu par le jury seulement. Des faits observés, rien sur la personne.",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, block: CompetencyBlock, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.codes = {}
        # An absent candidate is not appraised; whoever came is, competence by competence.
        came = self.data.get("outcome", Outcome.ACQUIRED) in PRESENT
        for competency in block.competencies.order_by("position"):
            name = f"competency_{competency.pk}"
            self.codes[name] = competency.code
            self.fields[name] = forms.ChoiceField(
                label=f"{competency.code} – {competency.title}",
                choices=Appraisal,
                widget=forms.RadioSelect,
                required=came,
            )
        self.order_fields([*self.codes, "outcome", "comment"])

    def appraisals(self) -> dict[str, str]:
        """Competence code → what was ticked."""
        return {code: self.cleaned_data[name] for name, code in self.codes.items() if self.cleaned_data[name]}


class DecisionForm(forms.Form):
    """What the jury decides together."""

    outcome = forms.ChoiceField(label="Décision du jury", choices=Outcome, widget=forms.RadioSelect)
    comment = forms.CharField(
        label="Motivation",
        help_text="Conservée avec la décision. Jamais publiée.",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ConflictForm(forms.Form):
    """What ties a member to a candidate."""

    reason = forms.CharField(
        label="Ce qui vous lie à ce candidat",
        help_text="Quelques mots suffisent : lien familial, hiérarchique, d’affaires…",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
