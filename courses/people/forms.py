"""Forms of the people room."""

from django import forms

from .enums import AwardStatus


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
