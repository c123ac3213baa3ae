"""Forms of the credentials’ screens."""

from django import forms

from .enums import RevocationReason


class CodeForm(forms.Form):
    """One field: the code printed on the paper."""

    code = forms.CharField(
        label="Code de vérification",
        help_text="28 caractères imprimés près du QR code. Espaces, tirets et minuscules sont acceptés.",
        max_length=60,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}
        ),
    )


class RevocationForm(forms.Form):
    """Why a credential no longer holds."""

    reason = forms.ChoiceField(
        label="Motif, affiché sur la page publique", choices=RevocationReason, widget=forms.RadioSelect
    )
    detail = forms.CharField(
        label="Précisions pour la trace d’audit",
        help_text="Jamais affichées au public. N’y écrivez pas de donnée sensible.",
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
