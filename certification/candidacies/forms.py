"""Opening a candidacy; recording a Pix result."""

from datetime import date
from typing import Any

from django import forms

from certification.qualifications.models import CompetencyBlock
from certification.qualifications.queries import blocks_on
from courses.models import Adviser, Enrolment, User

from .enums import CandidacyRoute, PixOrigin, PixStatus
from .models import Candidacy
from .permissions import advisers_one_may_present, enrolments_one_may_quote, pix_candidacies_visible_to
from .services import PIX_CEILING


class AdviserField(forms.ModelChoiceField):
    """An adviser by name and number."""

    def label_from_instance(self, obj: Adviser) -> str:
        return f"{obj.user} (n°\u00a0{obj.number})"


class BlockField(forms.ModelChoiceField):
    """A block and the qualification in force it belongs to."""

    def label_from_instance(self, obj: CompetencyBlock) -> str:
        qualification = obj.qualification
        return qualification.title if obj.code == "PIX" else f"{obj.code} – {qualification.title}"


class EnrolmentField(forms.ModelChoiceField):
    """An enrolment by path; by person too when there are several."""

    def label_from_instance(self, obj: Enrolment) -> str:
        return f"{obj.path.title} – {obj.adviser}"


class CandidacyForm(forms.Form):
    """Who aims at what, by which route."""

    adviser = AdviserField(Adviser.objects.none(), label="Conseiller", empty_label="Choisissez un conseiller")
    block = BlockField(
        CompetencyBlock.objects.none(),
        label="Certification visée",
        empty_label="Choisissez une certification",
        help_text="Seules les certifications en vigueur aujourd’hui sont proposées.",
    )
    route = forms.ChoiceField(label="Voie", choices=CandidacyRoute, widget=forms.RadioSelect)
    enrolment = EnrolmentField(
        Enrolment.objects.none(),
        label="Inscription suivie",
        required=False,
        empty_label="Aucune",
        help_text="À indiquer par la voie de la formation.",
    )

    def __init__(self, *args: Any, user: User, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine: Any = self.fields
        present = advisers_one_may_present(user)
        mine["adviser"].queryset = present
        mine["block"].queryset = CompetencyBlock.objects.filter(
            pk__in=[block.pk for block in blocks_on(day)]
        ).select_related("qualification")
        mine["enrolment"].queryset = enrolments_one_may_quote(user)
        if [adviser.user_id for adviser in present[:2]] == [user.pk]:
            mine["adviser"].initial = present[0]
            mine["adviser"].widget = forms.HiddenInput()
        for name in ("adviser", "block", "route"):
            mine[name].error_messages["required"] = "Choisissez une réponse."


class PixCandidacyField(forms.ModelChoiceField):
    """A candidacy to Pix by its adviser."""

    def label_from_instance(self, obj: Candidacy) -> str:
        return f"{obj.adviser.user} (n°\u00a0{obj.adviser.number})"


class PixResultForm(forms.Form):
    """What Pix stated, and how it reached us."""

    candidacy = PixCandidacyField(
        Candidacy.objects.none(),
        label="Candidat",
        empty_label="Choisissez un candidat à Pix",
        error_messages={"required": "Choisissez le candidat."},
    )
    sat_on = forms.DateField(
        label="Date de passage",
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": "Indiquez la date de passage."},
    )
    status = forms.ChoiceField(
        label="Statut", choices=PixStatus, error_messages={"required": "Choisissez un statut."}
    )
    score = forms.IntegerField(
        label="Nombre de pix",
        min_value=0,
        help_text="0 pour une certification rejetée ou annulée.",
        error_messages={"required": "Indiquez le nombre de pix.", "invalid": "Indiquez un nombre entier."},
    )
    max_reachable = forms.IntegerField(
        label="Maximum atteignable ce jour-là",
        initial=PIX_CEILING,
        min_value=1,
        help_text="1 024 pix au plus\u00a0; moins quand tous les niveaux n’étaient pas ouverts.",
        error_messages={"required": "Indiquez le maximum.", "invalid": "Indiquez un nombre entier."},
    )
    certification_number = forms.CharField(
        label="Numéro de certification",
        max_length=30,
        error_messages={"required": "Indiquez le numéro de certification."},
    )
    origin = forms.ChoiceField(
        label="Origine du résultat",
        choices=PixOrigin,
        widget=forms.RadioSelect,
        help_text="Un résultat simplement déclaré ne s’enregistre pas.",
        error_messages={"required": "Indiquez d’où vient ce résultat."},
    )
    origin_reference = forms.CharField(
        label="Référence de l’origine",
        max_length=200,
        help_text="Nom du fichier de résultats et numéro de session, ou lieu et date de présentation du certificat.",
        error_messages={"required": "Indiquez la référence du fichier ou du certificat."},
    )
    verification_code = forms.CharField(
        label="Code de vérification",
        max_length=10,
        required=False,
        help_text="Obligatoire pour un certificat présenté. Exemple\u00a0: P-23CDFGHJ.",
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine: Any = self.fields
        mine["candidacy"].queryset = pix_candidacies_visible_to(user)
