"""Posts and what the State grants for each, summed from the rows; the founding figures come out of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, F, FilteredRelation, OuterRef, Q, QuerySet, Sum

from certification.funding.founding import committee_document, read_founding_file
from courses.api import AwardStatus
from courses.models import Post, PostAssignment

NOT_ATTRIBUTED = "non-attribues"


def posts_with_money(
    posts: QuerySet[Post], day: date | None = None, known_at: datetime | None = None
) -> QuerySet[Post]:
    """Each post joined to its structure (`place`, one at most on a day) and to what it is granted (`granted`)."""
    return posts.annotate(
        place=FilteredRelation("attachments", condition=_lasting("attachments__", day, known_at)),
        granted=FilteredRelation("subsidies", condition=_happened("subsidies__", day, known_at)),
    )


def _believed(prefix: str, known_at: datetime | None) -> Q:
    now = Q(**{f"{prefix}superseded_at": None})
    if known_at is None:
        return now
    return Q(**{f"{prefix}known_at__lte": known_at}) & (now | Q(**{f"{prefix}superseded_at__gt": known_at}))


def _happened(prefix: str, day: date | None, known_at: datetime | None) -> Q:
    """`FactQuerySet.as_of`, as the condition of a join."""
    believed = _believed(prefix, known_at)
    return believed if day is None else believed & Q(**{f"{prefix}valid_on__lte": day})


def _lasting(prefix: str, day: date | None, known_at: datetime | None) -> Q:
    """`PeriodQuerySet.as_of`, as the condition of a join; without a day, what has no end."""
    still = Q(**{f"{prefix}end": None})
    believed = _believed(prefix, known_at)
    if day is None:
        return believed & still
    return believed & Q(**{f"{prefix}start__lte": day}) & (still | Q(**{f"{prefix}end__gte": day}))


def filtered_posts(posts: QuerySet[Post], filters: Mapping[str, str]) -> QuerySet[Post]:
    """`posts_with_money` narrowed by the address: comite, departement, structure, portee, attribution."""
    lookups = {
        "comite": "committee__code",
        "departement": "place__host_structure__departement",
        "structure": "place__host_structure__name",
        "portee": "committee__status",
    }
    for name, lookup in lookups.items():
        if value := filters.get(name):
            posts = posts.filter(Q(**{lookup: value}))
    if attribution := filters.get("attribution"):
        posts = posts.filter(Q(("place__isnull", attribution == NOT_ATTRIBUTED)))
    return posts


def listed_posts(posts: QuerySet[Post], day: date | None = None) -> QuerySet[Post, Any]:
    """`posts_with_money` one by one: structure, département, amount (the sum of its envelopes), held or not."""
    held = PostAssignment.objects.as_of(day).filter(post=OuterRef("pk"))
    return posts.order_by("number").values(
        "number",
        wave=F("committee__wave"),
        structure=F("place__host_structure__name"),
        departement=F("place__host_structure__departement"),
        is_held=Exists(held),
        amount_cents=Sum("granted__amount_cents"),
    )


@dataclass(frozen=True)
class PostGroup:
    """The posts of one structure, by one committee: one line of the table, one line of the file."""

    departement_code: str
    departement_name: str
    structure: str
    committee_code: str
    wave: str
    status: str
    status_label: str
    source: str
    posts: int
    amount_cents: int


def post_groups(posts: QuerySet[Post]) -> list[PostGroup]:
    """By département, structure and committee; the posts without a structure last."""
    rows = (
        posts.order_by()
        .values(
            "committee__code",
            "committee__wave",
            "committee__status",
            "committee__source",
            departement_code=F("place__host_structure__departement"),
            departement_name=F("place__host_structure__departement__name"),
            structure_name=F("place__host_structure__name"),
        )
        .annotate(posts=Count("pk", distinct=True), cents=Sum("granted__amount_cents"))
    )
    labels = dict(AwardStatus.choices)
    groups = [
        PostGroup(
            departement_code=row["departement_code"] or "",
            departement_name=row["departement_name"] or "",
            structure=row["structure_name"] or "",
            committee_code=row["committee__code"],
            wave=row["committee__wave"],
            status=row["committee__status"],
            status_label=labels[row["committee__status"]],
            source=row["committee__source"],
            posts=row["posts"],
            amount_cents=row["cents"] or 0,
        )
        for row in rows
    ]
    return sorted(groups, key=lambda g: (not g.structure, g.departement_code, g.structure, g.committee_code))


@dataclass(frozen=True)
class FoundingFigure:
    """One figure of a founding document: what it states, and what our rows give."""

    id: str
    label: str
    document: str
    posts: int
    amount_cents: int
    expected_posts: int
    expected_cents: int | None
    filters: dict[str, str]

    @property
    def ok(self) -> bool:
        """The rows give what the document states; a document that states no amount is held to its posts."""
        return self.posts == self.expected_posts and self.expected_cents in (None, self.amount_cents)


def founding_figures(day: date | None = None, known_at: datetime | None = None) -> list[FoundingFigure]:
    """Every figure of the founding documents, counted on the posts, their attachments and their subsidies."""
    facts = read_founding_file()
    posts = posts_with_money(Post.objects.as_of(day, known_at), day, known_at)
    return [_figure(stated, facts, posts) for stated in facts["figures"]]


def _figure(stated: Mapping[str, Any], facts: Mapping[str, Any], posts: QuerySet[Post]) -> FoundingFigure:
    filters = {"comite": stated["committee"]}
    if stated["structure"]:
        filters["structure"] = stated["structure"]
    if stated["attached"] is not None:
        filters["attribution"] = "attribues" if stated["attached"] else NOT_ATTRIBUTED
    sums = (
        filtered_posts(posts, filters)
        .order_by()
        .aggregate(posts=Count("pk", distinct=True), cents=Sum("granted__amount_cents"))
    )
    return FoundingFigure(
        id=stated["id"],
        label=stated["label"],
        document=committee_document(facts, stated["document"]),
        posts=sums["posts"],
        amount_cents=sums["cents"] or 0,
        expected_posts=stated["posts"],
        expected_cents=stated["cents"],
        filters=filters,
    )
