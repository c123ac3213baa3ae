"""What a host structure reads: its own advisers, their hours, absences, deadlines; nothing of their marks."""

from datetime import time, timedelta

import pytest
from django.urls import reverse

from courses import api
from courses.shared import clock
from lms.reporting.queries.host import advisers_of_host, host_rows
from tests import factories
from tests.lms.test_desks import a_timed_path, asked, board, desk_of, figure
from tests.world import MONDAY, Line, Organisation, at

pytestmark = pytest.mark.django_db
LIST = "/structure/conseillers/"


@pytest.fixture
def line():
    return Line(Organisation(), until="train")


def rows_of(user):
    return host_rows(advisers_of_host(user, clock.today()), clock.today())


class TestTheList:
    def test_it_holds_ones_own_advisers_with_hours_and_next_session(self, client_for, line):
        manager = line.organisation.host_manager
        with clock.travel(at(MONDAY + timedelta(days=2), 9)):
            [row] = client_for(manager).get(LIST).context["page"].object_list

        assert row.adviser == line.adviser
        assert row.path == "Parcours fictif"
        # Half a day signed, the lessons that the quiz proves, a week of placement.
        assert (row.proved_minutes, row.required_minutes) == (210 + 10_290 + 2_100, 23_100)
        assert row.next_session == line.session
        assert row.certification == "Pas encore candidat"

    def test_absences_are_counted_the_unexcused_apart(self, client_for, line):
        for days, presence, reason in ((1, "absent", "no_news"), (2, "excused", "sick_leave")):
            day = MONDAY + timedelta(days=days)
            sheet = api.open_sheet(session=line.session, day=day, half_day="morning", starts=time(9), ends=time(12),
                                   actor=line.trainer, at=at(day, 8))  # fmt: skip
            api.mark_absence(sheet_id=sheet.pk, mark_id=sheet.marks.get().pk, presence=presence, reason=reason,
                             actor=line.trainer, at=at(day, 9))  # fmt: skip
        manager = line.organisation.host_manager

        [row] = rows_of(manager)
        page = client_for(manager).get(reverse("host_adviser", args=[line.adviser.number]))

        assert (row.absences, row.unexcused) == (2, 1)
        assert len(page.context["view"].absences) == 2
        assert "Arrêt de travail" not in page.content.decode()

    def test_who_is_late_stands_first(self, client_for, line):
        late = factories.an_adviser(structure=line.organisation.structure)
        version = a_timed_path(line.organisation, days=10)
        api.enrol(adviser=late, path_version=version, source="self", actor=late.user, at=at(MONDAY, 9))

        with clock.travel(at(MONDAY + timedelta(days=30), 9)):
            rows = rows_of(line.organisation.host_manager)
            desk = desk_of(client_for, line.organisation.host_manager)

        assert [row.adviser for row in rows] == [late, line.adviser]
        assert rows[0].late
        assert rows[0].due_on == MONDAY + timedelta(days=10)
        assert figure(desk, "Échéances dépassées").value == "1"
        assert board(desk, "Mes conseillers").rows[0][0]["url"] == reverse("host_adviser", args=[late.number])

    def test_the_file_holds_the_same_list(self, client_for, line):
        text = (
            client_for(line.organisation.host_manager)
            .get(reverse("host_advisers_csv"))
            .content.decode("utf-8-sig")
        )

        header, row = text.splitlines()
        assert header.startswith("Numéro;Prénom;Nom;Parcours")
        assert row.startswith(f"{line.adviser.number};")
        assert ";12600;23100;" in row

    def test_a_structure_without_adviser_is_told_who_makes_them_appear(self, client_for):
        page = client_for(factories.a_user("host_manager")).get(LIST).content.decode()

        assert "Dès qu’un conseiller est affecté" in page


class TestOneAdviser:
    def test_modules_and_hours_are_told_and_no_mark(self, client_for):
        line = Line(Organisation())

        page = client_for(line.organisation.host_manager).get(
            reverse("host_adviser", args=[line.adviser.number])
        )

        text = page.content.decode()
        assert "Module fictif" in text
        assert "Certifié depuis le" in text
        for secret in (f"{line.attempt.score_percent}\u00a0%", f"{line.attempt.score_percent} %", "512", "tentative",
                       "jury"):  # fmt: skip
            assert secret not in page.content.decode().split('id="contenu"')[1].split("<footer")[0], secret

    def test_the_adviser_of_another_structure_is_not_found(self, client_for, line):
        stranger = factories.a_user("host_manager")
        url = reverse("host_adviser", args=[line.adviser.number])

        assert client_for(stranger).get(url).status_code == 404
        assert client_for(line.adviser.user).get(url).status_code == 404
        assert client_for(line.organisation.host_manager).get(url).status_code == 200

    def test_who_left_the_post_is_not_followed_any_more(self, client_for, line):
        post = line.adviser.assignments.get()
        api.release_post(assignment_id=post.pk, end=clock.today() - timedelta(days=2), actor=factories.root(),
                         at=clock.now())  # fmt: skip
        url = reverse("host_adviser", args=[line.adviser.number])

        assert client_for(line.organisation.host_manager).get(url).status_code == 404

    def test_nothing_is_done_from_these_pages(self, client_for, line):
        client = client_for(line.organisation.host_manager)
        url = reverse("host_adviser", args=[line.adviser.number])

        main = client.get(url).content.decode().split('id="contenu"')[1].split("<footer")[0]
        assert 'method="post"' not in main
        assert client.post(url).status_code in {403, 405}


class TestCost:
    def test_the_home_asks_few_questions_whatever_the_number_of_advisers(self, client_for, line):
        few = asked(client_for, line.organisation.host_manager)
        Line(line.organisation, until="train")
        more = asked(client_for, line.organisation.host_manager)

        assert len(more) == len(few)
        assert len(more) <= 15, more
