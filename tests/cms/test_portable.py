"""A whole path as one file: out, in, and back the same; broken files are refused in a sentence."""

import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page

from cms.api import PathFileError, export_path, import_path, open_space, portable_hash
from cms.models import LessonPage, ModulePage, ModuleSetPage, PathPage
from cms.publishing.queries import read_path
from courses.models import AuditEntry
from courses.shared import canonical
from tests import factories
from tests.cms.world import LESSON, MODULE, PATH, Written

pytestmark = pytest.mark.django_db

TWO = replace(MODULE, title="Second module", lessons=(replace(LESSON, title="Seconde leçon"),))


@pytest.fixture(autouse=True)
def _a_shelf_of_ones_own(settings: Any, tmp_path: Path) -> None:
    """Other tests put their files on the common one meanwhile, and here they are counted."""
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def written() -> Written:
    """A path of two modules, the second after the first; a set; a lesson that leads to another."""
    it = Written(replace(PATH, modules=(MODULE, TWO)))
    first, second = ModulePage.objects.child_of(it.path).order_by("path")
    group = ModuleSetPage(title="Au choix", rule="count", need=1, live=False)
    it.path.add_child(instance=group)
    third = ModulePage(title="Troisième", minutes=0, requires=[str(first.key)], live=False)
    group.add_child(instance=third)
    second.requires = [str(first.key)]
    second.save()
    second.save_revision()
    lesson = it.lesson
    lesson.body.append(("text", f'<p>Voir <a id="{second.pk}" linktype="page">la suite</a>.</p>'))
    lesson.save()
    lesson.save_revision()
    return it


@pytest.fixture
def elsewhere() -> Any:
    """The branch of another organisation, and one of its authors."""
    organisation = factories.a_training_organisation(name="Ailleurs")
    return open_space(organisation), factories.a_user("author", organisation)


def take_in(data: bytes, place: Any) -> PathPage:
    space, author = place
    return import_path(file=io.BytesIO(data), space=space, actor=author, at=factories.NOON)


def structure(path: PathPage) -> str:
    return read_path(PathPage.objects.get(pk=path.pk), draft=True).structure.hash


def forget(path: PathPage) -> None:
    """As in a house where this path was never known."""
    for page in path.get_descendants(inclusive=True).order_by("-path"):
        Page.objects.get(pk=page.pk).specific.delete()
    for model in (get_image_model(), get_document_model()):
        model.objects.all().delete()


def document_of(data: bytes) -> dict[str, Any]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return json.loads(archive.read("path.json"))


def rebuilt(
    data: bytes, document: Any = None, *, add: dict[str, bytes] | None = None, drop: int = 0
) -> bytes:
    """The same archive with another document, other files, or some of them missing."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            if name == "path.json":
                text = json.dumps(document) if isinstance(document, dict) else document
                new.writestr(name, old.read(name) if text is None else text)
            elif drop:
                drop -= 1
            else:
                new.writestr(name, old.read(name))
        for name, more in (add or {}).items():
            new.writestr(name, more)
    return out.getvalue()


class TestRoundTrip:
    def test_the_same_path_twice_gives_the_same_bytes(self, written):
        assert export_path(written.path) == export_path(written.path)

    def test_where_its_identities_are_free_the_path_is_the_same_to_the_hash(self, written, elsewhere):
        data, before, portable = (
            export_path(written.path),
            structure(written.path),
            portable_hash(written.path),
        )
        # Rows of other images and documents: primary keys differ on the way back.
        get_document_model().objects.create(title="autre", file=SimpleUploadedFile("a.txt", b"x"))
        forget(written.path)

        path = take_in(data, elsewhere)

        assert path.key == written.path.key
        assert structure(path) == before
        assert portable_hash(path) == portable

    def test_published_it_is_the_same_version(self, elsewhere):
        one = Written()
        data, expected = export_path(one.path), structure(one.path)
        forget(one.path)
        path = take_in(data, elsewhere)

        for page in [*path.get_descendants().specific().order_by("-depth"), path]:
            page.live = True
            page.save()

        assert read_path(PathPage.objects.get(pk=path.pk)).structure.hash == expected

    def test_where_they_are_taken_it_is_a_copy_equal_but_for_them(self, written, elsewhere):
        path = take_in(export_path(written.path), elsewhere)

        assert path.key != written.path.key
        assert structure(path) != structure(written.path)
        assert portable_hash(path) == portable_hash(written.path)
        first, second = ModulePage.objects.child_of(path).order_by("path")
        assert second.requires == [str(first.key)]
        lesson = LessonPage.objects.descendant_of(path).order_by("path").first()
        assert f'id="{second.pk}" linktype="page"' in str(lesson.body[-1].value.source)

    def test_all_is_a_draft_of_its_importer_in_his_collection_and_audited(self, written, elsewhere):
        space, author = elsewhere

        path = take_in(export_path(written.path), elsewhere)

        pages = path.get_descendants(inclusive=True)
        assert pages.count() == 8
        assert not pages.live().exists()
        assert {page.owner for page in pages} == {author}
        assert get_image_model().objects.filter(collection=space.collection).count() == 1
        entry = AuditEntry.objects.get(action="content.path.import")
        assert (entry.actor, entry.organisation) == (str(author.public_id), str(space.organisation.public_id))

    def test_the_hash_of_a_lesson_does_not_depend_on_the_number_of_its_files(self, written):
        before = structure(written.path)
        lesson = written.lesson
        for block in lesson.body:
            if block.block_type == "download":
                with block.value["document"].open_file() as file:
                    same = SimpleUploadedFile("b.txt", file.read())
                twin = get_document_model().objects.create(title="autre", file=same)
                block.value["document"] = twin
        lesson.save()
        lesson.save_revision()

        assert structure(written.path) == before

    def test_but_on_what_they_hold(self, written):
        before = structure(written.path)
        lesson = written.lesson
        for block in lesson.body:
            if block.block_type == "download":
                block.value["document"] = get_document_model().objects.create(
                    title="autre", file=SimpleUploadedFile("b.txt", b"autre chose")
                )
        lesson.save()
        lesson.save_revision()

        assert structure(written.path) != before


class TestCopy:
    def test_the_modules_of_a_copy_wait_for_one_another(self, client_for, written):
        parent = written.path.get_parent()

        answer = client_for(factories.a_user("programme_manager")).post(
            reverse("wagtailadmin_pages:copy", args=[written.path.pk]),
            {"new_title": "Copie", "new_slug": "copie", "new_parent_page": parent.pk, "copy_subpages": "on"},
        )

        assert answer.status_code == 302
        copy = PathPage.objects.get(slug="copie")
        first, second = ModulePage.objects.child_of(copy).order_by("path")
        assert first.key != ModulePage.objects.child_of(written.path).first().key
        for page in (second, second.get_latest_revision_as_object()):
            assert page.requires == [str(first.key)]


class TestScreens:
    def url(self, name: str, page: Page) -> str:
        return reverse(f"wagtailadmin_path_{name}", args=[page.pk])

    def test_an_author_exports_and_imports(self, client_for, written):
        client, space = client_for(written.author), written.path.get_parent()
        answer = client.get(self.url("export", written.path))
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/zip")

        form = client.get(self.url("import", space))
        assert "Importer un parcours" in form.content.decode()
        sent = {"file": SimpleUploadedFile("p.zip", answer.content), "idempotency_key": key_of(form)}
        done = client.post(self.url("import", space), sent)

        assert done.status_code == 302
        assert PathPage.objects.child_of(space).count() == 2

    def test_the_pages_of_the_editor_lead_there(self, client_for, written):
        client, space = client_for(written.author), written.path.get_parent()

        assert (
            self.url("export", written.path)
            in client.get(reverse("wagtailadmin_explore", args=[written.path.pk])).content.decode()
        )
        assert (
            self.url("import", space)
            in client.get(reverse("wagtailadmin_explore", args=[space.pk])).content.decode()
        )

    def test_a_bad_file_is_told_on_the_form(self, client_for, written):
        client, url = client_for(written.author), self.url("import", written.path.get_parent())
        sent = {"file": SimpleUploadedFile("p.zip", b"rien"), "idempotency_key": key_of(client.get(url))}

        answer = client.post(url, sent)

        assert answer.status_code == 422
        assert "pas une archive zip" in answer.content.decode()

    def test_no_file_is_told_too(self, client_for, written):
        client, url = client_for(written.author), self.url("import", written.path.get_parent())

        answer = client.post(url, {"idempotency_key": key_of(client.get(url))})

        assert answer.status_code == 422
        assert "Choisissez un fichier" in answer.content.decode()

    def test_others_find_nothing(self, client_for, written, elsewhere):
        for user in (elsewhere[1], factories.a_user("trainer", written.organisation)):
            for url in (self.url("export", written.path), self.url("import", written.path.get_parent())):
                assert client_for(user).get(url).status_code == 404


def key_of(answer: Any) -> str:
    html = answer.content.decode()
    return html.split('name="idempotency_key" value="', 1)[1].split('"', 1)[0]


def lesson_of(document: dict[str, Any]) -> dict[str, Any]:
    return document["path"]["children"][0]["children"][0]


def _first(document: dict[str, Any]) -> dict[str, Any]:
    return document["path"]["children"][0]["fields"]


def _text(document: dict[str, Any], html: str) -> None:
    lesson_of(document)["body"][0]["value"] = html


def _shown(document: dict[str, Any]) -> dict[str, Any]:
    return next(it for it in lesson_of(document)["body"] if it["type"] == "image")["value"]["image"]


def _pages(document: dict[str, Any]) -> None:
    document["path"]["children"][0]["children"] = [{"type": "lesson", "children": []} for _ in range(10_000)]


def _cycle(document: dict[str, Any]) -> None:
    first, second = document["path"]["children"][:2]
    first["fields"]["requires"] = [second["key"]]
    second["fields"]["requires"] = [first["key"]]


def _deep(document: dict[str, Any]) -> None:
    group = document["path"]["children"][2]
    for _ in range(12):
        group["children"] = [dict(group, children=group["children"])]


CHANGES: dict[str, tuple[Any, str]] = {
    "version": (lambda d: d.update(version=99), "dans une version"),
    "format": (lambda d: d.update(format="autre"), "ne contient pas un parcours"),
    "block": (lambda d: lesson_of(d)["body"][0].update(type="html"), "n’existe pas ici"),
    "media": (lambda d: d["media"].clear(), "ne se sert pas"),
    "unknown": (lambda d: _shown(d).update(image=f"image:{'0' * 64}"), "pas dans l’archive"),
    "number": (lambda d: _shown(d).update(image=1), "pas dans l’archive"),
    "type": (lambda d: lesson_of(d).update(type="path"), "pas à sa place"),
    "key": (lambda d: lesson_of(d).update(key="x"), "identifiant du parcours"),
    "twins": (lambda d: lesson_of(d).update(key=d["path"]["key"]), "le même identifiant"),
    "title": (lambda d: lesson_of(d)["fields"].update(title=" "), "pas de titre"),
    "field": (lambda d: lesson_of(d)["fields"].update(owner=1), "champ inconnu"),
    "minutes": (lambda d: lesson_of(d)["fields"].update(minutes=-4), "mal rempli"),
    "words": (lambda d: lesson_of(d)["fields"].update(minutes="dix"), "mal rempli"),
    "kind": (lambda d: d["path"]["fields"].update(kind="autre"), "mal rempli"),
    "requires": (lambda d: _first(d).update(requires=[d["path"]["key"]]), "prérequis n’est pas"),
    "cycle": (_cycle, "tournent en rond"),
    "pages": (_pages, "plus de 500 pages"),
    "depth": (_deep, "niveaux"),
    "script": (lambda d: _text(d, "<p>x</p><script>alert(1)</script>"), "balisage"),
    "event": (lambda d: _text(d, '<p onclick="x()">x</p>'), "balisage"),
    "half": (lambda d: _text(d, "<p>x</p><img src=x "), "balisage"),
    "link": (lambda d: _text(d, '<p><a href="javascript:x()">x</a></p>'), "adresse"),
    "shape": (lambda d: lesson_of(d).update(body={"a": 1}), "forme inconnue"),
    "nothing": (lambda d: d.pop("path"), "mal décrite"),
}  # fmt: skip


class TestBadFiles:
    @pytest.fixture(autouse=True)
    def _nothing_is_left(self, request: Any, written: Written, elsewhere: Any) -> Any:
        """Whatever the file, nothing of it stays: no page, no medium, no file, no entry."""
        self.data, self.place = export_path(written.path), elsewhere

        def all_of_it() -> list[Any]:
            files = [sorted(default_storage.listdir(it)[1]) for it in ("original_images", "documents")]
            models = (Page, get_image_model(), get_document_model(), AuditEntry)
            return [*(model.objects.count() for model in models), files]

        before = all_of_it()
        yield
        assert all_of_it() == before

    def refused(self, data: bytes, sentence: str) -> None:
        with pytest.raises(PathFileError, match=sentence) as refusal:
            take_in(data, self.place)
        assert refusal.value.status == 422

    @pytest.mark.parametrize("name", CHANGES)
    def test_a_document_that_is_not_one_of_ours(self, name):
        change, sentence = CHANGES[name]
        document = document_of(self.data)
        change(document)

        self.refused(rebuilt(self.data, document), sentence)

    def test_what_is_not_a_zip(self):
        for data in (b"", b"PK", b"rien du tout", self.data[: len(self.data) // 2]):
            self.refused(data, "archive zip lisible")

    def test_broken_json(self):
        for text in (b"{", b"[]", b'{"a": 1, "a": 2}', b"[" * 100 + b"]" * 100, b"\xff"):
            self.refused(rebuilt(self.data, text), "illisible|ne contient pas un parcours")

    def test_a_bomb(self):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("path.json", b" " * 30_000_000)

        self.refused(out.getvalue(), "trop gros une fois ouvert")

    def test_names_that_climb(self):
        for name in (
            "../../etc/passwd",
            "/etc/passwd",
            "media/../x",
            "media/" + "a" * 64 + ".png",
            "autre.txt",
        ):
            self.refused(rebuilt(self.data, add={name: b"x"}), "fichier inattendu")

    def test_entries_that_overlap(self):
        """Two names for the same bytes."""
        with zipfile.ZipFile(io.BytesIO(self.data)) as archive:
            offsets = [entry.header_offset for entry in archive.infolist()]
        start = self.data.rindex(b"PK\x01\x02")
        forged = bytearray(self.data)
        forged[start + 42 : start + 46] = offsets[0].to_bytes(4, "little")

        self.refused(bytes(forged), "plusieurs fois au même endroit")

    def test_a_medium_that_was_changed(self):
        name = f"media/{'0' * 64}"
        self.refused(rebuilt(self.data, add={name: b"x"}), "empreinte")

    def test_a_medium_that_is_missing_or_that_nothing_shows(self):
        self.refused(rebuilt(self.data, drop=1), "manque un média")
        unused = canonical.sha256(b"x")
        self.refused(rebuilt(self.data, add={f"media/{unused}": b"x"}), "ne se sert pas")

    def test_an_image_that_is_none(self):
        """Found out after pages and other files were written: all of it goes."""
        fake, document = b"pas une image", document_of(self.data)
        digest = canonical.sha256(fake)
        old = next(name for name in document["media"] if name.startswith("image:"))
        text = json.dumps(document).replace(old.removeprefix("image:"), digest)
        out = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(self.data)) as source, zipfile.ZipFile(out, "w") as new:
            new.writestr("path.json", text)
            for name in source.namelist()[1:]:
                if old.removeprefix("image:") not in name:
                    new.writestr(name, source.read(name))
            new.writestr(f"media/{digest}", fake)

        self.refused(out.getvalue(), "n’en est pas une")

    def test_a_document_of_another_nature(self):
        document = document_of(self.data)
        name = next(name for name in document["media"] if name.startswith("document:"))
        document["media"][name]["file_name"] = "virus.exe"

        self.refused(rebuilt(self.data, document), "que nous ne gardons pas")
