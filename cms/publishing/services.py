"""The acts: open the branch of an organisation, freeze a path."""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

from cms.pages import rules
from cms.pages.models import CataloguePage, OrganisationPage, PathPage
from courses.api import freeze_quiz, publish_path_version
from courses.models import Activity, Path, PathVersion, TrainingOrganisation, User

from .errors import UnfinishedPageError
from .models import PublishedMedia, PublishedRevision
from .queries import read_path

PAGE_RIGHTS = ["add_page", "change_page", "publish_page"]
# A page that has pages below it is deleted, when a draft, by the nation’s editors alone.
NATIONAL_PAGE_RIGHTS = [*PAGE_RIGHTS, "bulk_delete_page"]
MEDIA_RIGHTS = [
    "add_image", "change_image", "choose_image", "add_document", "change_document", "choose_document",
]  # fmt: skip
NATIONAL_GROUP = "Contenus : national"


@transaction.atomic
def open_space(organisation: TrainingOrganisation) -> OrganisationPage:
    """The branch, the collection and the group of an organisation: found, or made once."""
    TrainingOrganisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    if existing := OrganisationPage.objects.filter(organisation=organisation).first():
        return existing
    group = Group.objects.create(name=f"Contenus : {organisation.public_id}")
    collection = Collection.get_first_root_node().add_child(name=organisation.name[:255])
    page = OrganisationPage(
        title=organisation.name, organisation=organisation, collection=collection, group=group, live=True
    )
    CataloguePage.objects.get().add_child(instance=page)
    _grant(group, page, collection, PAGE_RIGHTS)
    return page


@transaction.atomic
def national_group() -> Group:
    """Those who see every branch."""
    group, created = Group.objects.get_or_create(name=NATIONAL_GROUP)
    if created:
        _grant(group, Page.get_first_root_node(), Collection.get_first_root_node(), NATIONAL_PAGE_RIGHTS)
    return group


def _grant(group: Group, page: Page, collection: Collection, page_rights: list[str]) -> None:
    group.permissions.add(
        Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin")
    )
    for codename in page_rights:
        permission = Permission.objects.get(content_type__app_label="wagtailcore", codename=codename)
        GroupPagePermission.objects.create(group=group, page=page, permission=permission)
    for codename in MEDIA_RIGHTS:
        permission = Permission.objects.get(
            content_type__app_label__in=["wagtailimages", "wagtaildocs"], codename=codename
        )
        GroupCollectionPermission.objects.create(group=group, collection=collection, permission=permission)


@transaction.atomic
def freeze_path(*, page: PathPage, user: User, at: datetime) -> PathVersion:
    """Freeze the published tree of a path into a version, and tie each of its pages to the revision that was read."""
    if gaps := list(rules.path_gaps(rules.path_facts(page))):
        raise UnfinishedPageError(" ".join(gap.text for gap in gaps), field=gaps[0].field)
    _refuse_stranger(page)
    draft = read_path(page)
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
    PathPage.objects.filter(pk=page.pk).update(version=version)
    page.version = version
    return version


def _refuse_stranger(page: PathPage) -> None:
    path = Path.objects.filter(public_id=page.key).first()
    if path and path.organisation_id != page.organisation.pk:
        raise UnfinishedPageError(
            "Ce parcours appartient à un autre organisme : copiez-le plutôt que de le déplacer."
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
