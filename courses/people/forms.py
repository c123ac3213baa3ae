"""Forms of the people room."""

from django import forms

from courses.shared import clock

from .enums import AccommodationKind, AwardStatus


class CommitteeForm(forms.Form):
    """A committee and its file of awards."""

    code = forms.SlugField(
        label="Code du comité", max_length=40, help_text="Par exemple : 2026-03-hautes-alpes."
    )
    wave = forms.CharField(label="Vague", max_length=60)
    held_on = forms.DateField(label="Tenu le", widget=forms.DateInput(attrs={"type": "date"}))
    status = forms.ChoiceField(label="Portée", choices=AwardStatus)
    source = forms.CharField(
        label="Document", max_length=300, help_text="Titre, lieu et date du document qui énonce la décision."
    )
    file = forms.FileField(
        label="Fichier des attributions",
        help_text="CSV en UTF-8, séparé par des points-virgules : departement ; structure ; siret ; "
        "statut_juridique ; postes.",
    )


class AccommodationForm(forms.Form):
    """What one needs, and from when. No field asks why."""

    kind = forms.ChoiceField(label="Aménagement", choices=AccommodationKind)
    detail = forms.CharField(
        label="Précision utile à l’organisation",
        max_length=200,
        required=False,
        help_text="Par exemple : un tiers de temps en plus. N’indiquez ni diagnostic ni raison de santé.",
    )
    start = forms.DateField(
        label="À partir du", widget=forms.DateInput(attrs={"type": "date"}), initial=clock.today
    )
    end = forms.DateField(
        label="Jusqu’au",
        widget=forms.DateInput(attrs={"type": "date"}),
        required=False,
        help_text="Laissez vide tant que vous en avez besoin.",
    )


class AccommodationEndForm(forms.Form):
    """The last day it is needed."""

    end = forms.DateField(
        label="Dernier jour", widget=forms.DateInput(attrs={"type": "date"}), initial=clock.today
    )
