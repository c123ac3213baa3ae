"""The blocks: what each one shows, and that none of them shuts a reader out."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from wagtail.blocks import StreamValue
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from cms.api import FrozenMediaError, demo_picture
from cms.blocks import BodyBlock
from cms.models import LessonPage
from cms.publishing.gate.accessibility import errors_in
from courses import api
from courses.models import Activity
from courses.shared import clock
from tests import factories
from tests.cms.world import Written

pytestmark = pytest.mark.django_db

TABLE = {
    "headed_rows": True,
    "table": {
        "caption": "Trois moyens",
        "columns": [{"type": "text", "heading": "Moyen"}, {"type": "text", "heading": "Limite"}],
        "rows": [{"values": ["Carnet", "Se perd"]}, {"values": ["Gestionnaire", "Se sauvegarde"]}],
    },
}
STEPS = {
    "title": "Créer une adresse",
    "steps": [{"title": "Choisir", "text": "<p>Comparez.</p>"}, {"title": "Noter", "text": ""}],
}
ACCORDION = {
    "level": "2",
    "items": [{"title": "Et si…", "text": "<p>Alors…</p>"}, {"title": "Sinon", "text": "<p>…</p>"}],
}
AUDIO = {
    "title": "Témoignage",
    "url": "https://audio.exemple.fr/t",
    "minutes": 3,
    "transcript": "<p>Tout ce qui est dit.</p>",
}


def body(*blocks) -> StreamValue:
    return BodyBlock().to_python([{"type": kind, "value": value} for kind, value in blocks])


def drawn(*blocks, **context) -> BeautifulSoup:
    return BeautifulSoup(body(*blocks).render_as_block(context), "html.parser")


class TestFamilies:
    def test_every_block_is_in_a_family_with_its_words_and_a_preview(self):
        for name, block in BodyBlock().child_blocks.items():
            assert block.meta.group in {"Textes", "Médias", "Travail"}, name
            assert block.meta.description, name
            assert block.is_previewable, name

    @pytest.mark.parametrize("name", list(BodyBlock().child_blocks))
    def test_its_preview_is_drawn_and_accessible(self, client_for, name):
        client = client_for(factories.a_user("author"))
        block = LessonPage._meta.get_field("body").stream_block.child_blocks[name]

        answer = client.get(reverse("wagtailadmin_block_preview") + f"?id={block.definition_prefix}")

        assert answer.status_code == 200
        assert not list(errors_in(answer.content.decode()))


class TestDrawing:
    @pytest.mark.parametrize(
        "block",
        [
            ("table", TABLE),
            ("steps", STEPS),
            ("accordion", ACCORDION),
            ("audio", AUDIO),
            ("live_session", {"title": "Séances"}),
        ],
    )
    def test_none_breaks_a_rule(self, block):
        assert not list(errors_in(str(drawn(block))))

    def test_a_table_names_its_columns_and_rows(self):
        table = drawn(("table", TABLE)).table

        assert table.caption.get_text() == "Trois moyens"
        assert [th.get_text() for th in table.thead.find_all("th", scope="col")] == ["Moyen", "Limite"]
        assert [th.get_text(strip=True) for th in table.tbody.find_all("th", scope="row")] == [
            "Carnet",
            "Gestionnaire",
        ]

    def test_a_table_without_headed_rows_has_plain_cells(self):
        assert not drawn(("table", TABLE | {"headed_rows": False})).tbody.find_all("th")

    @pytest.mark.parametrize(
        "change",
        [
            {"caption": ""},
            {"columns": [{"type": "text", "heading": ""}, {"type": "text", "heading": "Limite"}]},
            {"rows": []},
        ],
    )
    def test_a_table_without_title_or_heading_is_not_published(self, change):
        value = body(("table", TABLE | {"table": TABLE["table"] | change}))

        with pytest.raises(ValidationError):
            BodyBlock().clean(value)

    def test_steps_are_an_ordered_list(self):
        items = drawn(("steps", STEPS)).ol.find_all("li", recursive=False)

        assert [item.p.get_text() for item in items] == ["Choisir", "Noter"]

    def test_folds_are_tied_to_their_buttons_each_by_a_name_of_its_own(self):
        other = {"level": "3", "items": [{"title": "Autre", "text": "<p>…</p>"}]}
        soup = drawn(("accordion", ACCORDION), ("accordion", other))

        controlled = [button["aria-controls"] for button in soup.find_all("button")]
        assert len(set(controlled)) == 3
        assert all(soup.find(id=name) for name in controlled)
        assert [heading.name for heading in soup.select(".fr-accordion__title")] == ["h2", "h2", "h3"]

    def test_a_recording_is_a_link_with_its_words(self):
        soup = drawn(("audio", AUDIO))

        assert soup.a["href"] == AUDIO["url"]
        assert "nouvelle fenêtre" in soup.a["title"]
        assert "Tout ce qui est dit." in soup.details.get_text()
        assert not soup.find(["audio", "video", "iframe"])


class TestLiveSession:
    def test_it_shows_the_next_sessions_of_its_module_and_not_those_that_are_over(self):
        written = Written()
        written.publish()
        for title, days in [("Passée", -30), ("Prochaine", 30)]:
            start = clock.today() + timedelta(days=days)
            api.open_session(
                organisation=written.organisation,
                activity=Activity.objects.get(public_id=written.module.session_key),
                title=title,
                mode="on_site",
                place="Médiathèque de Cahors",
                zone="Europe/Paris",
                start=start,
                end=start,
                trainers=[factories.a_user("trainer", written.organisation)],
                actor=written.manager,
                at=factories.NOON,
            )

        text = drawn(("live_session", {"title": "Séances"}), page=written.lesson).get_text()

        assert "Prochaine" in text
        assert "Médiathèque de Cahors" in text
        assert "Passée" not in text

    def test_without_a_date_it_says_so(self):
        written = Written()

        text = drawn(("live_session", {"title": "Séances"}), page=written.lesson).get_text()

        assert "Aucune date n’est ouverte" in text


def another() -> SimpleUploadedFile:
    return SimpleUploadedFile("autre.png", demo_picture())


class TestFiles:
    def test_the_file_of_a_published_image_is_not_replaced(self):
        written = Written()
        written.publish()
        image = get_image_model().objects.get()
        kept = image.file.name
        image.file = another()

        with pytest.raises(FrozenMediaError, match="ne peut pas être remplacé"):
            image.save()

        assert get_image_model().objects.get().file.name == kept

    def test_its_title_may_change(self):
        written = Written()
        written.publish()
        image = get_image_model().objects.get()

        image.title = "Un autre titre"
        image.save()

        assert get_image_model().objects.get().title == "Un autre titre"

    def test_the_editor_says_why(self, client_for):
        written = Written()
        written.publish()
        document = get_document_model().objects.get()

        answer = client_for(written.author).post(
            reverse("wagtaildocs:edit", args=[document.pk]),
            {
                "title": document.title,
                "file": SimpleUploadedFile("autre.txt", b"autre"),
                "tags": "",
                "collection": document.collection_id,
            },
        )

        assert answer.status_code == 409
        assert "ne peut pas être remplacé" in answer.content.decode()
        assert get_document_model().objects.get().file.name == document.file.name

    def test_a_draft_image_may_change_its_file(self):
        Written()
        image = get_image_model().objects.get()
        image.file = another()
        image.save()

        assert "autre" in get_image_model().objects.get().file.name
