"""The publishing gate: one list, the same at every door, shown as one writes, kept with what was published."""

import json
import re
from dataclasses import replace

import pytest
from django.urls import reverse
from wagtail.models import Page

from cms.api import LessonSpec, settle_groups
from cms.models import EditorialPage, GateReport, HomePage, ModuleSetPage
from cms.pages.models import PathPage
from cms.publishing.errors import UnfinishedPageError
from cms.publishing.gate import report_on
from cms.publishing.gate.accessibility import RULES, errors_in
from courses.models import AuditEntry
from tests import factories
from tests.cms.test_publishing import form_data
from tests.cms.world import MODULE, PATH, Written

pytestmark = pytest.mark.django_db


def lines(page, **options):
    return {line.code: line for line in report_on(page, **options).lines}


def edit_url(page: Page) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def plain(answer) -> str:
    return answer.content.decode().replace("\xa0", " ").replace("&nbsp;", " ")


class TestList:
    @pytest.mark.parametrize(
        ("which", "codes"),
        [
            ("lesson", {"objectives", "minutes", "competences", "completion_rule", "contact", "proof"}),
            ("module", {"objectives", "minutes", "competences", "completion_rule", "contact", "proof"}),
            (
                "path",
                {
                    "objectives", "minutes", "competences", "completion_rule", "contact", "proof", "structure",
                    "modules", "audience", "access_delay", "methods", "assessment", "disability_access",
                },
            ),
        ],
    )  # fmt: skip
    def test_each_page_type_answers_its_whole_list(self, which, codes):
        written = Written()

        report = report_on(getattr(written, which), drafts=True)

        found = {line.code for line in report.lines}
        assert found == codes | {"blocks", "quiz", "alternatives", "accessibility"}
        assert report.passed, list(report.faults)

    def test_a_lesson_takes_over_what_its_module_says(self):
        written = Written()

        found = lines(written.lesson)

        for code in ("objectives", "competences", "completion_rule", "contact"):
            assert (found[code].passed, found[code].note) == (True, "Repris du module.")

    def test_what_the_module_lacks_the_lesson_lacks_and_the_link_leads_to_the_module(self):
        written = Written(replace(PATH, modules=(replace(MODULE, competences=""),)))

        (fault,) = lines(written.lesson)["competences"].faults

        assert (fault.field, fault.page) == ("competences", written.module.pk)
        assert written.module.title in fault.text

    @pytest.mark.parametrize(
        "field",
        ["objectives", "contact", "audience", "access_delay", "methods", "assessment", "disability_access"],
    )
    def test_a_path_says_each_public_thing(self, field):
        written = Written(replace(PATH, **{field: ""}))

        (fault,) = lines(written.path, drafts=True)[field].faults

        assert fault.field == field

    def test_a_module_announces_the_sum_of_what_it_holds(self):
        written = Written()
        module = written.module
        module.minutes = 500

        assert "8 h 20" in lines(module)["proof"].detail.replace("\xa0", " ")

    def test_an_image_is_described_or_declared_decorative(self):
        written = Written()
        lesson = written.lesson
        image = next(block for block in lesson.body if block.block_type == "image").value["image"]

        image.contextual_alt_text = ""
        assert "décrivez l’image" in lines(lesson)["alternatives"].detail

        image.decorative = True
        assert lines(lesson)["alternatives"].passed

    def test_a_recording_has_its_words(self):
        written = Written()
        lesson = written.lesson
        video = next(block for block in lesson.body if block.block_type == "video")
        video.value["transcript"].source = "<p> </p>"

        assert "écrivez la transcription" in lines(lesson)["alternatives"].detail

    def test_a_block_left_empty_is_named_by_its_rank(self):
        lesson = Written().lesson
        lesson.body.append(("callout", {"title": "", "text": ""}))

        detail = lines(lesson)["blocks"].detail

        assert f"Bloc {len(lesson.body)} (À retenir)" in detail

    def test_a_set_asks_for_no_more_than_it_holds(self):
        written = Written()
        some = ModuleSetPage(title="Au choix", rule="count", need=3, live=False)
        written.path.add_child(instance=some)

        found = {fault.text for fault in report_on(some).faults}
        assert found == {"Cet ensemble est vide\u00a0: placez-y des modules."}

        written.module.move(some, pos="last-child")
        some = ModuleSetPage.objects.get(pk=some.pk)
        (fault,) = report_on(some).faults
        assert (fault.field, fault.text) == ("need", "Cet ensemble n’a que 1 élément\u00a0: il en demande 3.")

    def test_a_cycle_of_prerequisites_is_told(self):
        written = Written(
            replace(PATH, modules=(MODULE, replace(MODULE, title="Second", requires=(MODULE.title,))))
        )
        first = written.module
        second = first.get_next_sibling().specific
        first.requires = [str(second.key)]
        first.save_revision(user=written.author)

        with pytest.raises(UnfinishedPageError) as refusal:
            written.publish()

        assert MODULE.title in str(refusal.value)
        assert not PathPage.objects.get(pk=written.path.pk).live


class TestAccessibility:
    @pytest.mark.parametrize(
        ("rule", "html"),
        [
            ("empty-heading", "<h2> </h2><p>…</p>"),
            ("heading-order", "<h3>Trop profond</h3>"),
            ("heading-order", "<h2>Un</h2><h4>Trop profond</h4>"),
            ("p-as-heading", "<p><b>Un faux intertitre</b></p><p>Du texte.</p>"),
            ("link-name", '<p><a href="/x"></a></p>'),
            ("image-alt", '<img src="x.png">'),
            ("alt-text-quality", '<img src="x.png" alt="IMG_2041.png">'),
            ("empty-table-header", "<table><tr><th></th></tr></table>"),
            ("frame-title", '<iframe src="x"></iframe>'),
            ("button-name", "<button></button>"),
            ("input-button-name", '<input type="submit">'),
        ],
    )
    def test_each_rule_finds_its_error(self, rule, html):
        assert rule in {found for found, _ in errors_in(html)}

    @pytest.mark.parametrize(
        "html",
        [
            "<h2>Un</h2><h3>Deux</h3><h2>Un</h2>",
            "<p><b>Attention.</b></p><p>Du texte.</p>",
            "<p>Voir <b>ceci</b></p><p>Du texte</p>",
            '<a href="/x"><img src="x.png" alt="Le catalogue"></a>',
            '<a href="/x" title="Le catalogue"></a>',
            '<img src="x.png" alt="">',
        ],
    )
    def test_what_is_right_is_left_alone(self, html):
        assert not list(errors_in(html))

    def test_an_error_of_the_body_keeps_it_from_being_published_by_code(self):
        written = Written(
            replace(
                PATH,
                modules=(
                    replace(
                        MODULE,
                        lessons=(LessonSpec("Seule", "<h3>Trop bas</h3><p>…</p>"),),
                    ),
                ),
            )
        )

        with pytest.raises(UnfinishedPageError, match="Un niveau d’intertitre est sauté"):
            written.publish()

    def test_the_editors_checker_runs_the_same_list_in_french(self, client_for):
        written = Written()

        html = client_for(written.author).get(edit_url(written.lesson)).content.decode()

        data = re.search(r'<script id="[^"]*axe-configuration"[^>]*>(.*?)</script>', html, re.DOTALL)
        configuration = json.loads(data[1])
        assert set(configuration["options"]["runOnly"]) == set(RULES)
        assert configuration["messages"]["heading-order"]["error_name"] == "Un niveau d’intertitre est sauté"


class TestEditor:
    def test_the_list_is_beside_the_page_with_a_link_to_each_field(self, client_for):
        written = Written(replace(PATH, audience="", methods=""))

        html = plain(client_for(written.author).get(edit_url(written.path)))

        assert "2 points à compléter" in html
        assert 'href="#champ-audience"' in html
        assert "Indiquez le public visé et les prérequis." in html

    def test_it_says_what_the_approval_will_publish(self, client_for):
        written = Written()

        html = plain(client_for(written.author).get(edit_url(written.path)))

        assert "Tout est prêt." in html
        assert "3 pages en brouillon : elles seront publiées avec le parcours, à son accord." in html

    def test_it_follows_each_autosave(self, client_for):
        written = Written(replace(PATH, audience=""))
        client = client_for(written.author)

        answer = client.post(
            edit_url(written.path),
            form_data(written.path) | {"audience": "Tout conseiller numérique."},
            headers={"accept": "application/json"},
        )

        assert answer.status_code == 200
        part = answer.json()["html"]
        assert (
            'data-side-panel="gate"' in part or "[data-side-panel=&#x27;gate&#x27;]" in part or "gate" in part
        )
        assert "Tout est prêt." in part

    def test_a_new_page_says_when_the_list_comes(self, client_for):
        written = Written()
        space = written.path.get_parent()

        answer = client_for(written.author).get(
            reverse("wagtailadmin_pages:add", args=["cms", "pathpage", space.pk])
        )

        assert "dès le premier enregistrement" in plain(answer)

    def test_two_drafts_may_bear_the_same_title(self, client_for):
        written = Written()
        client = client_for(written.author)
        url = reverse("wagtailadmin_pages:add", args=["cms", "pathpage", written.path.get_parent().pk])

        for _ in range(2):
            data = form_data(PathPage(title="Même titre", kind="initial"))
            assert client.post(url, data).status_code == 302

        assert PathPage.objects.filter(title="Même titre").count() == 2

    def test_the_manager_reads_why_the_button_did_nothing(self, client_for):
        written = Written(replace(PATH, methods=""))
        written_live_modules(written)

        answer = client_for(written.manager).post(
            edit_url(written.path), form_data(written.path) | {"action-publish": "1"}
        )

        assert answer.status_code == 200
        assert "Indiquez les méthodes et les moyens." in plain(answer)
        assert not PathPage.objects.get(pk=written.path.pk).live

    def test_a_lot_published_at_once_passes_the_gate_too(self, client_for):
        written = Written(replace(PATH, modules=(replace(MODULE, completion_rule=""),)))
        url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])

        answer = client_for(written.manager).post(f"{url}?id={written.lesson.pk}")

        assert answer.status_code == 422
        assert "la règle d’achèvement du module" in plain(answer)
        assert not written.lesson.live


def written_live_modules(written: Written) -> None:
    settle_groups(written.manager)
    for page in written.path.get_descendants().specific().order_by("-depth", "path"):
        page.get_latest_revision().publish(user=written.manager)


class TestKept:
    def test_each_publication_keeps_its_report_and_is_in_the_trail(self):
        written = Written()

        written.publish()

        report = GateReport.objects.get(page=written.path)
        points = json.loads(report.checks)
        assert report.user == written.manager
        assert report.revision_id == PathPage.objects.get(pk=written.path.pk).live_revision_id
        assert len(points) == 17
        assert all(point["passed"] for point in points)
        assert {"code", "label", "passed", "detail"} == set(points[0])
        trail = AuditEntry.objects.filter(action="content.page.publish", actor=str(written.manager.public_id))
        assert trail.count() == 4

    def test_a_refusal_keeps_nothing(self):
        written = Written(replace(PATH, audience=""))

        with pytest.raises(UnfinishedPageError):
            written.publish()

        assert not GateReport.objects.filter(page=written.path).exists()
        assert not AuditEntry.objects.filter(
            action="content.page.publish", object_id=str(written.path.pk)
        ).exists()

    def test_it_is_read_again_in_the_editor(self, client_for):
        written = Written()
        written.publish()

        html = plain(client_for(written.author).get(edit_url(written.lesson)))

        assert "Contrôles gardés" in html
        assert f"par {written.manager}" in html

    def test_a_page_of_the_site_passes_the_gate_of_its_body(self):
        agency = factories.a_user("programme_manager")
        settle_groups(agency)
        page = EditorialPage(title="Aide", live=False, body=[("text", "<h4>Trop bas</h4>")])
        HomePage.objects.get().add_child(instance=page)

        with pytest.raises(UnfinishedPageError):
            page.save_revision(user=agency).publish(user=agency)

        assert not EditorialPage.objects.get(pk=page.pk).live


class TestModules:
    def test_prerequisites_are_ticked_among_the_modules_of_the_path(self, client_for):
        written = Written(replace(PATH, modules=(MODULE, replace(MODULE, title="Second"))))
        first, second = (page.specific for page in written.path.get_children())

        html = client_for(written.author).get(edit_url(second)).content.decode()

        assert f'name="requires" value="{first.key}"' in html
        assert f'name="requires" value="{second.key}"' not in html

    def test_equivalents_are_published_modules_of_other_paths(self, client_for):
        written, neighbour = Written(), Written()
        neighbour.publish()
        national = Written(replace(PATH, title="National", national=True))
        agency = factories.a_user("programme_manager")
        settle_groups(agency)
        from cms.api import publish_path

        publish_path(national.path, user=agency)

        html = client_for(written.author).get(edit_url(written.module)).content.decode()

        assert f'name="equivalents" value="{national.module.key}"' in html
        assert str(neighbour.module.key) not in html

    def test_what_is_ticked_is_kept_as_text(self, client_for):
        written = Written(replace(PATH, modules=(MODULE, replace(MODULE, title="Second"))))
        first, second = (page.specific for page in written.path.get_children())

        answer = client_for(written.author).post(
            edit_url(second), module_data(second) | {"requires": [str(first.key)]}
        )

        assert answer.status_code == 302
        kept = type(second).objects.get(pk=second.pk).get_latest_revision_as_object()
        assert kept.requires == [str(first.key)]

    def test_a_module_of_elsewhere_is_refused(self, client_for):
        written, neighbour = Written(), Written()

        answer = client_for(written.author).post(
            edit_url(written.module), module_data(written.module) | {"requires": [str(neighbour.module.key)]}
        )

        assert answer.status_code == 200
        assert written.module.get_latest_revision_as_object().requires == []


def module_data(page) -> dict[str, object]:
    fields = ("title", "slug", "objectives", "competences", "completion_rule", "contact", "minutes", "mode")
    values = {name: getattr(page, name) or "" for name in fields}
    formset = {
        key: value for key, value in form_data(PathPage()).items() if key.startswith(("comments", "body"))
    }
    return values | formset | {"taught_minutes": page.taught_minutes, "placement_minutes": 0}
