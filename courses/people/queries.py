"""Who is where, at a date."""

from dataclasses import dataclass
from datetime import date, datetime

from .models import Adviser, Committee, Departement, HostStructure, PostAssignment, PostAttachment


def adviser_in_post(adviser: Adviser, day: date, known_at: datetime | None = None) -> PostAssignment | None:
    """The post an adviser holds on `day`, as believed at `known_at`."""
    return PostAssignment.objects.as_of(day, known_at).filter(adviser=adviser).select_related("post").first()


def host_structure_of(adviser: Adviser, day: date, known_at: datetime | None = None) -> HostStructure | None:
    """The structure that employs an adviser on `day`."""
    assignment = adviser_in_post(adviser, day, known_at)
    if assignment is None:
        return None
    attachment = (
        PostAttachment.objects.as_of(day, known_at)
        .filter(post=assignment.post_id)
        .select_related("host_structure")
        .first()
    )
    return attachment.host_structure if attachment else None


def departement_codes() -> frozenset[str]:
    """The codes of the 101 départements and 8 overseas collectivities."""
    return frozenset(Departement.objects.values_list("code", flat=True))


@dataclass(frozen=True)
class PostLine:
    """A post of a committee and where it is attached today, if anywhere."""

    number: str
    seal: str
    attachment: PostAttachment | None


def posts_of(committee: Committee) -> list[PostLine]:
    """The posts of a committee, in the order of their numbers."""
    attachments = PostAttachment.objects.known().filter(post__committee=committee)
    by_post = {one.post_id: one for one in attachments.select_related("host_structure__departement")}
    posts = committee.posts.order_by("number")
    return [PostLine(post.number, post.seal, by_post.get(post.pk)) for post in posts]
