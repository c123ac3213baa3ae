"""The form that takes a path in."""

from django import forms


class PathFileForm(forms.Form):
    file = forms.FileField(
        label="Fichier du parcours",
        help_text="Le fichier .zip obtenu par « Exporter le parcours ».",
        widget=forms.ClearableFileInput(attrs={"accept": ".zip,application/zip"}),
        error_messages={
            "required": "Choisissez un fichier.",
            "empty": "Ce fichier est vide.",
            "missing": "Choisissez un fichier.",
        },
    )
