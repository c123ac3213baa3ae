"""Load what the founding documents state: structures, committees, posts and their subsidies."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from certification.funding.founding import committee_document, read_founding_file
from certification.funding.models import Envelope, PostSubsidy
from courses.api import Award, create_host_structure, load_departements, record_committee
from courses.models import Committee, Departement, HostStructure, Post, User

from .subsidies import grant_post_subsidy, record_envelope


@transaction.atomic
def load_founding_figures(*, actor: User, at: datetime) -> int:
    """Record the founding posts by the ordinary acts; a second run changes nothing. Returns how many posts stand."""
    facts = read_founding_file()
    if not Departement.objects.exists():
        load_departements()
    envelope = _envelope(facts["envelope"], actor=actor, at=at)
    count = 0
    for stated in facts["committees"]:
        committee = _committee(stated, facts, actor=actor, at=at)
        posts = Post.objects.known().filter(committee=committee)
        funded = PostSubsidy.objects.known().filter(envelope=envelope)
        for post in posts.exclude(pk__in=funded.values("post")).select_related("committee"):
            grant_post_subsidy(
                post=post,
                envelope=envelope,
                amount_cents=facts["amount_per_post_cents"],
                source=committee.source,
                valid_on=committee.valid_on,
                actor=actor,
                at=at,
            )
        count += posts.count()
    return count


def _envelope(stated: Mapping[str, str], *, actor: User, at: datetime) -> Envelope:
    found = Envelope.objects.known().filter(code=stated["code"]).first()
    return found or record_envelope(
        code=stated["code"],
        title=stated["title"],
        source=stated["source"],
        valid_on=date.fromisoformat(stated["valid_on"]),
        actor=actor,
        at=at,
    )


def _committee(
    stated: Mapping[str, Any], facts: Mapping[str, Any], *, actor: User, at: datetime
) -> Committee:
    found = Committee.objects.known().filter(code=stated["code"]).first()
    return found or record_committee(
        code=stated["code"],
        wave=stated["wave"],
        status=stated["status"],
        source=committee_document(facts, stated["document"]),
        held_on=date.fromisoformat(stated["held_on"]),
        date_is_assumed=stated["date_is_assumed"],
        awards=[Award(_structure(award, actor=actor, at=at), award["posts"]) for award in stated["awards"]],
        unattributed_posts=stated["unattributed_posts"],
        actor=actor,
        at=at,
    )


def _structure(award: Mapping[str, Any], *, actor: User, at: datetime) -> HostStructure:
    found = HostStructure.objects.filter(name=award["name"], departement=award["departement"]).first()
    return found or create_host_structure(
        name=award["name"],
        departement_code=award["departement"],
        legal_kind=award["legal_kind"],
        actor=actor,
        at=at,
    )
