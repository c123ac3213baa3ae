"""In: drafts, by their importer; all of them and their files, or nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from io import BytesIO
from pathlib import PurePosixPath
from typing import IO, Any
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils.text import get_valid_filename
from wagtail.coreutils import find_available_slug
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.fields import WagtailImageField
from wagtail.models import Page

from cms.pages.models import OrganisationPage, PathPage
from cms.publishing.content import IMAGE, PAGE, TAUGHT, page_named, page_of_key, renamed
from courses import api as courses
from courses.models import Activity, Module, Path, User

from .archive import unpack
from .errors import PathFileError
from .exporting import TYPES
from .reading import Medium, Node, read_document


def import_path(*, file: IO[bytes], space: OrganisationPage, actor: User, at: datetime) -> PathPage:
    """The drafts of the path of this file, in this branch: itself where its identities are free, a copy elsewhere."""
    document, files = unpack(file)
    node, media = read_document(document, files)
    with transaction.atomic(), _files_follow() as written:
        importer = _Importer(space, actor, media, files, written)
        page = importer.write(node)
        after = {"key": str(page.key), "copy": importer.is_copy, "pages": len(importer.keys)}
        courses.audit.record(
            "content.path.import", actor=actor, target=page, at=at, after=after,
            organisation=str(space.organisation.public_id),
        )  # fmt: skip
        return page


@contextmanager
def _files_follow() -> Iterator[list[Any]]:
    """What is rolled back leaves no file behind."""
    written: list[Any] = []
    try:
        yield written
    except BaseException:
        for file in written:
            file.storage.delete(file.name)
        raise


class _Importer:
    """Pages first, so that each may be named by the texts of the others; then the texts."""

    def __init__(
        self,
        space: OrganisationPage,
        actor: User,
        media: dict[str, Medium],
        files: dict[str, bytes],
        written: Any,
    ) -> None:
        self.space, self.actor, self.media, self.files, self.written = space, actor, media, files, written
        self.keys: dict[str, str] = {}
        self.pages: dict[str, Any] = {}
        self.is_copy = False

    def write(self, node: Node) -> PathPage:
        told = [it.key for it in node.walk()]
        self.is_copy = _is_taken(told)
        self.keys = {key: str(uuid4()) if self.is_copy else key for key in told}
        page: PathPage = self._add(node, self.space)
        chosen = {name: self._keep(medium) for name, medium in self.media.items()}
        for it in node.walk():
            draft = self.pages[it.key]
            draft.body = renamed(it.body, lambda kind, name: self._here(kind, name, chosen))
            draft.save()
            draft.save_revision(user=self.actor, log_action=True)
        return page

    def _add(self, node: Node, parent: Any) -> Any:
        fields = dict(node.fields)
        for name in ("requires", "equivalents"):
            if name in fields:
                fields[name] = [self.keys.get(key, key) for key in fields[name]]
        fields["slug"] = find_available_slug(parent, fields.get("slug") or "page")
        page = TYPES[node.kind](key=self.keys[node.key], live=False, owner=self.actor, **fields)
        try:
            parent.add_child(instance=page)
        except ValidationError as error:
            raise PathFileError(
                f"La page «\u00a0{page.title}\u00a0» ne peut pas être enregistrée. {' '.join(error.messages)}",
            ) from error
        self.pages[node.key] = page
        for child in node.children:
            self._add(child, page)
        return page

    def _here(self, kind: str, name: str, chosen: dict[str, int]) -> int | None:
        if kind != PAGE:
            return chosen.get(name)
        within = self.pages.get(name.removeprefix("key:"))
        if within is not None:
            return int(within.pk)
        pk = page_named(name)
        return pk if pk is not None and _may_lead_to(pk, self.space) else None

    def _keep(self, medium: Medium) -> int:
        return self._image(medium) if medium.kind == IMAGE else self._document(medium)

    def _image(self, medium: Medium) -> int:
        name = _file_name(medium.file_name)
        try:
            WagtailImageField().clean(SimpleUploadedFile(name, self.files[medium.digest]))
        except ValidationError as error:
            raise PathFileError(
                f"L’image «\u00a0{medium.title}\u00a0» n’en est pas une que nous lisons."
            ) from error
        image = get_image_model()(
            title=medium.title, file=ImageFile(BytesIO(self.files[medium.digest]), name=name),
            collection=self.space.collection, uploaded_by_user=self.actor,
        )  # fmt: skip
        return self._saved(image)

    def _document(self, medium: Medium) -> int:
        name = _file_name(medium.file_name)
        if PurePosixPath(name).suffix.lower().removeprefix(".") not in settings.WAGTAILDOCS_EXTENSIONS:
            raise PathFileError(
                f"Le document «\u00a0{medium.title}\u00a0» est d’une nature que nous ne gardons pas.",
            )
        document = get_document_model()(
            title=medium.title, file=ContentFile(self.files[medium.digest], name=name),
            collection=self.space.collection, uploaded_by_user=self.actor,
        )  # fmt: skip
        return self._saved(document)

    def _saved(self, media: Any) -> int:
        media.save()
        self.written.append(media.file)
        media._set_file_hash()
        media.save(update_fields=["file_hash"])
        return int(media.pk)


def _is_taken(keys: list[str]) -> bool:
    """One identity that means something here already, and all are new."""
    known = any(page_of_key(key, TAUGHT) is not None for key in keys)
    return known or any(
        model.objects.filter(public_id__in=keys).exists() for model in (Path, Module, Activity)
    )


def _may_lead_to(pk: int, space: OrganisationPage) -> bool:
    """One’s own pages, and those of the house that belong to no organisation."""
    page = Page.objects.get(pk=pk)
    return page.is_descendant_of(space) or (
        page.live and not OrganisationPage.objects.ancestor_of(page, inclusive=True).exists()
    )


def _file_name(told: str) -> str:
    """Its last part, of a decent length."""
    name = PurePosixPath(told.replace("\\", "/")).name.strip(" .") or "fichier"
    return get_valid_filename(name[-100:])
