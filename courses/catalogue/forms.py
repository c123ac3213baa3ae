"""Forms of the catalogue room."""

from typing import Any

from django import forms

from courses.people.models import TrainingOrganisation, User

from .enums import SessionMode
from .models import Activity
from .queries import taught_activities, trainers_of

# The zones of French territory, by the name people give them.
ZONES = {
    "Europe/Paris": "Métropole",
    "America/Guadeloupe": "Guadeloupe",
    "America/Martinique": "Martinique",
    "America/Cayenne": "Guyane",
    "Indian/Reunion": "La Réunion",
    "Indian/Mayotte": "Mayotte",
    "America/Miquelon": "Saint-Pierre-et-Miquelon",
    "Pacific/Noumea": "Nouvelle-Calédonie",
    "Pacific/Tahiti": "Polynésie française",
    "Pacific/Wallis": "Wallis-et-Futuna",
}


class SessionForm(forms.Form):
    """A session to open, for one organisation."""

    activity = forms.ModelChoiceField(
        label="Séquence", queryset=Activity.objects.none(), empty_label="Choisissez une séquence"
    )
    title = forms.CharField(label="Intitulé", max_length=200)
    mode = forms.ChoiceField(label="Modalité", choices=SessionMode)
    place = forms.CharField(
        label="Lieu", max_length=200, help_text="Adresse, ou lien de la classe à distance."
    )
    zone = forms.ChoiceField(label="Heure de", choices=list(ZONES.items()))
    start = forms.DateField(label="Du", widget=forms.DateInput(attrs={"type": "date"}))
    end = forms.DateField(label="Au", widget=forms.DateInput(attrs={"type": "date"}))
    trainers = forms.ModelMultipleChoiceField(
        label="Formateurs", queryset=User.objects.none(), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, organisation: TrainingOrganisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["activity"].queryset = taught_activities(organisation)  # type: ignore[attr-defined]
        self.fields["trainers"].queryset = trainers_of(organisation)  # type: ignore[attr-defined]
