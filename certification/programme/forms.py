"""The explicit choice to go unfunded."""

from django import forms


class KeepUnfundedForm(forms.Form):
    """Nobody goes without funding by mistake."""

    keep_unfunded = forms.BooleanField(
        label="J’ai compris que l’État ne finance pas cette inscription, et je la garde sans financement.",
        error_messages={
            "required": "Cochez cette case pour garder une inscription sans financement, ou revenez."
        },
    )
