"""Forms of the external stores."""

from collections.abc import Iterable

from django import forms

from courses.people.models import Organisation
from courses.xapi.enums import EvidenceClass

ALL = "toutes"


class ExternalStoreForm(forms.Form):
    """Where statements go, as whom, and which ones."""

    name = forms.CharField(label="Nom", max_length=100, help_text="Par exemple : Observatoire régional.")
    endpoint = forms.CharField(
        label="Adresse",
        max_length=300,
        help_text="Celle que donne l’autre système, sans « statements » : https://traces.exemple.fr/xapi/",
        widget=forms.TextInput(attrs={"inputmode": "url", "spellcheck": "false", "autocomplete": "off"}),
    )
    key = forms.CharField(
        label="Identifiant",
        max_length=100,
        help_text="La clé que l’autre système nous a donnée.",
        widget=forms.TextInput(attrs={"spellcheck": "false", "autocomplete": "off"}),
    )
    secret = forms.CharField(
        label="Secret",
        max_length=500,
        strip=False,
        help_text="Il ne sera plus jamais affiché.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    verbs = forms.CharField(
        label="Verbes à envoyer",
        required=False,
        max_length=20_000,
        help_text="L’IRI d’un verbe par ligne. Vide : tous les verbes.",
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
    )
    classes = forms.MultipleChoiceField(
        label="Classes de preuve à envoyer",
        required=False,
        choices=EvidenceClass.choices,
        help_text="Aucune case cochée : toutes les classes.",
        widget=forms.CheckboxSelectMultiple,
    )

    def clean_verbs(self) -> list[str]:
        return self.cleaned_data["verbs"].split()


class NewExternalStoreForm(ExternalStoreForm):
    """The same, with what is chosen once."""

    code = forms.SlugField(
        label="Nom court",
        max_length=40,
        help_text="Lettres sans accent, chiffres et tirets ; il ne change plus. Par exemple : observatoire.",
    )
    organisation = forms.ChoiceField(
        label="Organisation", help_text="Seules les traces de cette organisation partiront."
    )
    from_start = forms.BooleanField(
        label="Envoyer aussi les traces déjà enregistrées", required=False, initial=True
    )
    field_order = [
        "name", "code", "endpoint", "key", "secret", "organisation", "verbs", "classes", "from_start"
    ]  # fmt: skip

    def __init__(
        self, *args: object, organisations: Iterable[Organisation], national: bool, **options: object
    ) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        self._organisations = {str(one.pk): one for one in organisations}
        choices = [(pk, one.name) for pk, one in self._organisations.items()]
        everything = [(ALL, "Toutes les organisations")] if national else []
        self.fields["organisation"].choices = [*everything, *choices]  # type: ignore[attr-defined]

    def clean_organisation(self) -> Organisation | None:
        return self._organisations.get(self.cleaned_data["organisation"])


class EditExternalStoreForm(ExternalStoreForm):
    """The secret is only asked for when it changes."""

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        self.fields["secret"].required = False
        self.fields[
            "secret"
        ].help_text = "Laissez vide pour garder le secret enregistré. Il n’est jamais affiché."


class DeadLetterFilterForm(forms.Form):
    """The filters of the list; they stay in the address."""

    etat = forms.ChoiceField(label="État", required=False)
    cause = forms.CharField(label="Cause ou identifiant contenant", required=False, max_length=100)

    STATES = (
        ("", "Refusées"), ("demandees", "Renvoi demandé"), ("renvoyees", "Renvoyées"),
        ("abandonnees", "Abandonnées"), ("toutes", "Toutes"),
    )  # fmt: skip

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        self.fields["etat"].choices = self.STATES  # type: ignore[attr-defined]


class DropForm(forms.Form):
    """Why a statement will not be sent."""

    reason = forms.CharField(
        label="Motif",
        max_length=1000,
        help_text="Il restera dans le journal.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
