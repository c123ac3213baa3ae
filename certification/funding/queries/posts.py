"""Posts and what the State grants for each, summed from the rows; the founding figures come out of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery, Sum

from certification.funding.founding import committee_document, read_founding_file
from certification.funding.models import PostSubsidy
from courses.models import Post, PostAssignment, PostAttachment

NOT_ATTRIBUTED = "non-attribues"


def posts_with_money(
    posts: QuerySet[Post], day: date | None = None, known_at: datetime | None = None
) -> QuerySet[Post]:
    """Each post with its structure, its département, its amount (the sum of its envelopes) and its holder, if any."""
    attached = PostAttachment.objects.as_of(day, known_at).filter(post=OuterRef("pk")).order_by("-start")
    granted = (
        PostSubsidy.objects.as_of(day, known_at)
        .filter(post=OuterRef("pk"))
        .order_by()
        .values("post")
        .annotate(total=Sum("amount_cents"))
    )
    held = PostAssignment.objects.as_of(day, known_at).filter(post=OuterRef("pk"))
    return posts.select_related("committee").annotate(
        structure_id=Subquery(attached.values("host_structure")[:1]),
        structure_name=Subquery(attached.values("host_structure__name")[:1]),
        departement_code=Subquery(attached.values("host_structure__departement")[:1]),
        departement_name=Subquery(attached.values("host_structure__departement__name")[:1]),
        amount_cents=Subquery(granted.values("total")[:1]),
        assignment_id=Subquery(held.values("pk")[:1]),
    )


def filtered_posts(posts: QuerySet[Post], filters: Mapping[str, str]) -> QuerySet[Post]:
    """`posts_with_money` narrowed by the address: comite, departement, structure, portee, attribution."""
    if code := filters.get("comite"):
        posts = posts.filter(committee__code=code)
    if code := filters.get("departement"):
        posts = posts.filter(departement_code=code)
    if name := filters.get("structure"):
        posts = posts.filter(structure_name=name)
    if status := filters.get("portee"):
        posts = posts.filter(committee__status=status)
    if attribution := filters.get("attribution"):
        posts = posts.filter(structure_id__isnull=attribution == NOT_ATTRIBUTED)
    return posts


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
    keys = ("departement_code", "departement_name", "structure_name", "committee__code", "committee__wave",
            "committee__status", "committee__source")  # fmt: skip
    rows = posts.order_by().values(*keys).annotate(posts=Count("pk"), cents=Sum("amount_cents"))
    labels = dict(Post._meta.get_field("committee").related_model._meta.get_field("status").flatchoices)
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
    sums = filtered_posts(posts, filters).order_by().aggregate(posts=Count("pk"), cents=Sum("amount_cents"))
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
