"""Where a learner stopped reading: the house’s own state document (xAPI), which proves nothing and counts nothing."""

import json
import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings

from courses.people.models import User
from courses.xapi import documents, rules
from courses.xapi.enums import DocumentKind
from courses.xapi.texts import JSON
from courses.xapi.validation import VERSION_1

from .errors import NotInPathError, NotYourEnrolmentError
from .models import Enrolment
from .queries import is_held

DOCUMENT = "reprise"
_BLOCK = re.compile(r"[0-9A-Za-z-]{0,64}")


@dataclass(frozen=True)
class Bookmark:
    """A lesson, and the block reached in it (empty: its beginning)."""

    activity: UUID
    block: str = ""


def bookmark_of(enrolment: Enrolment) -> Bookmark | None:
    """The last place kept, or None; what cannot be read is no place."""
    kept = documents.find(_name(enrolment, enrolment.adviser.user))
    if kept is None:
        return None
    try:
        value = json.loads(bytes(kept.content))
        return Bookmark(UUID(value["activity"]), str(value.get("block", "")))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def keep_bookmark(*, enrolment: Enrolment, activity: UUID, block: str, actor: User, at: datetime) -> None:
    """Keep the place of the learner himself; the last one kept is the one that counts."""
    if enrolment.adviser.user_id != actor.pk:
        raise NotYourEnrolmentError("Seul le conseiller inscrit peut suivre cette leçon.")
    if not is_held(enrolment, activity) or not _BLOCK.fullmatch(block):
        raise NotInPathError("Cet endroit ne fait pas partie de ce parcours.")
    content = json.dumps({"activity": str(activity), "block": block}).encode()
    documents.put(
        _name(enrolment, actor), content=content, content_type=JSON, condition=documents.Condition(),
        version=VERSION_1, at=at,
    )  # fmt: skip


def _name(enrolment: Enrolment, learner: User) -> documents.Name:
    site = settings.LMS_PUBLIC_URL
    return documents.Name(
        kind=DocumentKind.STATE,
        organisation_id=enrolment.path.organisation_id,
        activity=f"{site}/xapi/parcours/{enrolment.path.public_id}",
        agent=rules.interned_actor(rules.account(site, str(learner.public_id))),
        registration=str(enrolment.registration),
        document_id=DOCUMENT,
    )
