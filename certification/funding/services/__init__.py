"""The acts of money."""

from .claims import (
    build_claim,
    cancel_claim,
    certify_service,
    pay_claim,
    return_claim,
    submit_claim,
)
from .contracts import record_contract, record_order, set_price
from .founding import load_founding_figures
from .ledger import post_entries, reverse_transaction
from .subsidies import grant_post_subsidy, record_envelope

__all__ = [
    "build_claim", "cancel_claim", "certify_service", "grant_post_subsidy", "load_founding_figures", "pay_claim",
    "post_entries", "record_contract", "record_envelope", "record_order", "return_claim", "reverse_transaction",
    "set_price", "submit_claim",
]  # fmt: skip
