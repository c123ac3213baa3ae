"""What managers, certifiers and payers fill in."""

from typing import Any

from django import forms

from certification.funding.enums import ClaimState
from certification.funding.models import PurchaseOrder
from certification.funding.permissions import claiming_organisations
from certification.funding.queries import orders_of
from courses.models import User

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class OrderField(forms.ModelChoiceField):
    """An order by number, with its lot and what it commits."""

    def label_from_instance(self, obj: PurchaseOrder) -> str:
        return f"{obj.number} – marché {obj.lot.contract}, lot {obj.lot.number} ({obj.lot.title})"


class PeriodForm(forms.Form):
    """First step: which order, from which day to which."""

    order = OrderField(label="Bon de commande", queryset=PurchaseOrder.objects.none(), empty_label=None)
    start = forms.DateField(label="Du", widget=DAY)
    end = forms.DateField(label="Au", widget=DAY)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        orders = PurchaseOrder.objects.none()
        for organisation in claiming_organisations(user):
            orders = orders | orders_of(organisation)
        self.fields["order"].queryset = orders  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("start") and data.get("end") and data["end"] < data["start"]:
            self.add_error("end", "La fin de la période précède son début.")
        return data


class ClaimFilterForm(forms.Form):
    """The filters of the list; they stay in the address."""

    etat = forms.ChoiceField(
        label="État", choices=[("", "Tous les états"), *ClaimState.choices], required=False
    )
    du = forms.DateField(label="Période à partir du", widget=DAY, required=False)
    au = forms.DateField(label="Période jusqu’au", widget=DAY, required=False)


class ReasonForm(forms.Form):
    """Why a claim is sent back."""

    reason = forms.CharField(
        label="Motif du renvoi",
        help_text="L’organisme le lira tel quel : dites ce qui manque et sur quelle ligne.",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
    )


class PaymentForm(forms.Form):
    """Under which reference the payment was made."""

    reference = forms.CharField(
        label="Référence du paiement",
        help_text="Le numéro de mandat ou de virement, unique.",
        max_length=60,
    )
