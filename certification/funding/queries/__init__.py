"""Reading the money: what may be claimed, where the claims are, what the posts cost."""

from .claimable import ClaimableLine, accepted_cents, claimable, default_order, orders_of
from .claims import lines_file, lines_with_proof, proofs_hold, totals, who_did
from .posts import FoundingFigure, PostGroup, founding_figures, post_groups, posts_with_money

__all__ = [
    "ClaimableLine", "FoundingFigure", "PostGroup", "accepted_cents", "claimable", "default_order",
    "founding_figures", "lines_file", "lines_with_proof", "orders_of", "post_groups", "posts_with_money",
    "proofs_hold", "totals", "who_did",
]  # fmt: skip
