"""Freezing a path: a version of what it holds, tied to the revisions that were read."""

from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from wagtail.models import Page

from cms.pages.models import PathPage
from cms.publishing.errors import UnfinishedPageError
from cms.publishing.models import PublishedMedia, PublishedRevision
from cms.publishing.queries import read_path
from courses.api import PathStructure, freeze_quiz, impact_of, offer_version, publish_path_version
from courses.models import Activity, Path, PathVersion, User


@transaction.atomic
def freeze_path(*, page: PathPage, user: User, at: datetime) -> PathVersion:
    """Freeze the published tree of a path into a version, and tie each of its pages to the revision that was read."""
    _refuse_stranger(page)
    draft = read_path(page)
    impact = _impact(page, draft.structure)
    version, created = publish_path_version(
        organisation=page.organisation, path_public_id=page.key, structure=draft.structure, actor=user, at=at
    )
    if created:
        for quiz in draft.quizzes:
            freeze_quiz(
                path_version=version,
                activity=Activity.objects.get(public_id=quiz.activity),
                content=quiz.content,
                pass_percent=quiz.pass_percent,
                covers_minutes=quiz.covers_minutes,
                actor=user,
                at=at,
            )
        for held in draft.pages:
            _tie(version, held, user)
        if impact is not None:
            offer_version(path_version=version, impact=impact, actor=user, at=at)
    PathPage.objects.filter(pk=page.pk).update(version=version)
    page.version = version
    return version


def _impact(page: PathPage, structure: PathStructure) -> str | None:
    """What those who follow an earlier version are told of this one; None when it is for new learners only."""
    if not page.offer_to_enrolled:
        return None
    path = Path.objects.filter(public_id=page.key).first()
    if path is None or not path.versions.exists():
        return None
    return impact_of(path, structure).text


def _refuse_stranger(page: PathPage) -> None:
    path = Path.objects.filter(public_id=page.key).first()
    if path and path.organisation_id != page.organisation.pk:
        raise UnfinishedPageError(
            "Ce parcours appartient à un autre organisme\u00a0: copiez-le plutôt que de le déplacer."
        )


def _tie(version: PathVersion, page: Page, user: User) -> None:
    revision = page.live_revision or page.save_revision(user=user)
    published = PublishedRevision.objects.create(path_version=version, page_id=page.pk, revision=revision)
    seen: set[tuple[int, str]] = set()
    for model, object_id, _, _ in _media_of(page):
        content_type = ContentType.objects.get_for_model(model)
        if content_type.model in {"image", "document"} and (content_type.pk, object_id) not in seen:
            seen.add((content_type.pk, object_id))
            PublishedMedia.objects.create(
                published_revision=published, content_type=content_type, object_id=int(object_id)
            )


def _media_of(page: Any) -> Any:
    body = page.body
    return body.stream_block.extract_references(body)
