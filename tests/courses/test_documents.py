"""Files are kept by their content; papers drawn from equal data are equal."""

import stat
from pathlib import Path

import pytest

from courses.models import StoredFile
from courses.shared import documents
from tests.factories import NOON

LETTER = """
#import "/courses/shared/official.typ": *
#let it = json(bytes(sys.inputs.context))
#show: sheet.with(title: "Essai", issuer: "Organisme fictif", reference: "1", issued: "2026-03-12")
#it.text
"""


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture
def letter():
    """A template inside the project, as the typesetter reads nothing outside it."""
    path = Path(documents.__file__).parents[2] / "var" / "test" / "essai-documents.typ"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(LETTER, encoding="utf-8")
    yield path
    path.unlink()


@pytest.mark.django_db
@pytest.mark.usefixtures("media")
class TestStore:
    def test_a_file_is_named_by_its_hash_and_read_back(self):
        file = documents.store(b"contenu", "text/plain", NOON)

        assert (file.size, file.media_type, len(file.sha256)) == (7, "text/plain", 64)
        with documents.open_file(file.sha256) as bytes_read:
            assert bytes_read.read() == b"contenu"

    def test_a_second_time_changes_nothing(self, media):
        documents.store(b"contenu", "text/plain", NOON)
        documents.store(b"contenu", "text/plain", NOON)

        assert StoredFile.objects.count() == 1
        assert len([path for path in media.rglob("*") if path.is_file()]) == 1

    def test_no_draft_is_left_and_the_file_is_not_writable(self, media):
        documents.store(b"contenu", "text/plain", NOON)

        (path,) = [path for path in media.rglob("*") if path.is_file()]
        assert not stat.S_IMODE(path.stat().st_mode) & 0o222

    def test_bytes_without_a_row_are_not_readable(self):
        file = documents.path_of("a" * 64)
        file.parent.mkdir(parents=True)
        file.write_bytes(b"orphelin")

        with pytest.raises(StoredFile.DoesNotExist):
            documents.open_file("a" * 64)

    def test_a_damaged_or_lost_file_is_named(self):
        altered = documents.store(b"un", "text/plain", NOON)
        lost = documents.store(b"deux", "text/plain", NOON)
        documents.path_of(altered.sha256).chmod(0o600)
        documents.path_of(altered.sha256).write_bytes(b"autre")
        documents.path_of(lost.sha256).unlink()

        told = " ".join(documents.damaged_files())

        assert f"{altered.sha256} : contenu altéré" in told
        assert f"{lost.sha256} : absent" in told

    def test_storing_again_repairs_damaged_bytes(self):
        file = documents.store(b"un", "text/plain", NOON)
        documents.path_of(file.sha256).unlink()

        documents.store(b"un", "text/plain", NOON)

        assert not list(documents.damaged_files())


class TestRenderPdf:
    def test_equal_contexts_give_equal_bytes(self, letter):
        context = {"text": "« Cœur » : l’été à 9\u202fh"}

        assert documents.render_pdf(letter, context) == documents.render_pdf(letter, context)

    def test_another_context_gives_other_bytes(self, letter):
        assert documents.render_pdf(letter, {"text": "un"}) != documents.render_pdf(letter, {"text": "deux"})

    def test_is_archival_and_accessible(self, letter):
        pdf = documents.render_pdf(letter, {"text": "un"})

        assert pdf.startswith(b"%PDF-1.7")
        assert b"<pdfaid:part>3</pdfaid:part>" in pdf
        assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf

    def test_knows_the_letters_of_european_names(self, letter):
        names = "Æ Œ œ Ÿ ÿ ç Ç Ł ł Ø ø Š š Ž ž Č č Đ đ Ğ ğ İ ı Ş ş Ő ő Ű ű Ț ț Ă ă Ñ ñ ß Þ þ – — … € ’ « » \u00a0\u202f"

        assert documents.render_pdf(letter, {"text": names})
