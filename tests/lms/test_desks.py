"""The desk of each role: one question, figures that open, what waits for this person, few questions to the database."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from certification import api as certification
from courses import api
from courses.api import Role
from courses.models import Module
from courses.shared import clock
from tests import factories
from tests.cms.world import Written
from tests.world import MONDAY, Line, Organisation, at

pytestmark = pytest.mark.django_db
URL = "/accueil/"
STAFF = [role.value for role in Role if role is not Role.ADVISER]


def home_of(client_for, user):
    answer = client_for(user).get(URL)
    assert answer.status_code == 200
    return answer


def desk_of(client_for, user):
    [desk] = home_of(client_for, user).context["desks"]
    return desk


def extra(role: str) -> dict[str, str]:
    return {"departement_code": "46"} if role == Role.PREFECT else {}


def figure(desk, label):
    return next(figure for figure in desk.figures if figure.label == label)


def board(desk, caption):
    return next(board for board in desk.boards if board.caption == caption)


def cells(row):
    return [cell.get("text", cell.get("label")) if isinstance(cell, dict) else cell for cell in row]


@pytest.fixture
def line():
    return Line(Organisation(), until="train")


def asked(client_for, user):
    """How many questions the page asks of the database, one’s own session and rights included."""
    client = client_for(user)
    client.get(URL)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(URL).status_code == 200
    return [query["sql"][:160] for query in queries]


class TestEveryDesk:
    @pytest.mark.parametrize("role", STAFF)
    def test_each_role_finds_its_desk_and_its_figures_open(self, client_for, role):
        user = factories.a_user(role, **extra(role))

        answer = home_of(client_for, user)

        [desk] = answer.context["desks"]
        assert desk.role == Role(role).label
        assert desk.question.endswith("\u00a0?")
        client = client_for(user)
        for url in {figure.url for figure in desk.figures} | {desk.action_url}:
            if url.startswith("#"):
                assert f'id="{url[1:]}"' in answer.content.decode()
            elif url and not url.startswith("/administration/"):
                assert client.get(url).status_code == 200, url

    @pytest.mark.parametrize("role", STAFF)
    def test_a_desk_asks_few_questions_of_the_database(self, client_for, role):
        queries = asked(client_for, factories.a_user(role, **extra(role)))

        assert len(queries) <= 20, queries

    def test_a_person_with_two_roles_has_two_desks(self, client_for):
        user = factories.a_user("trainer")
        api.grant_role(user=user, role="jury_member", organisation=None, start=factories.START, actor=factories.root(),
                       at=factories.NOON)  # fmt: skip

        assert [desk.role for desk in home_of(client_for, user).context["desks"]] == [
            Role.TRAINER.label, Role.JURY_MEMBER.label,
        ]  # fmt: skip

    def test_a_person_without_a_role_is_told_whom_to_ask(self, client_for):
        assert "Aucun rôle" in home_of(client_for, factories.a_user()).content.decode()

    def test_a_visitor_is_sent_to_sign_in(self, client_for):
        assert client_for().get(URL).status_code == 302


class TestTrainer:
    def test_the_half_days_of_today_open_their_sheet_in_order(self, client_for, line):
        with clock.travel(at(MONDAY + timedelta(days=1), 8)):
            before = desk_of(client_for, line.trainer)
            [morning, afternoon] = board(before, "Aujourd’hui, dans l’ordre").rows
            address = morning[0]["url"]
            opened = client_for(line.trainer).get(address)
            sheet = api.open_sheet(session=line.session, day=MONDAY + timedelta(days=1), half_day="morning",
                                   starts=time(9), ends=time(12), actor=line.trainer,
                                   at=at(MONDAY + timedelta(days=1), 8))  # fmt: skip
            after = board(desk_of(client_for, line.trainer), "Aujourd’hui, dans l’ordre").rows[0]

        assert cells(morning) == ["Ouvrir la feuille du matin", "0 sur 1", "À ouvrir"]
        assert cells(afternoon)[0] == "Ouvrir la feuille de l’après-midi"
        assert opened.status_code == 200
        assert cells(after) == ["Faire signer la feuille du matin", "0 sur 1", "Ouverte"]
        assert after[0]["url"] == reverse("sheet", args=[sheet.public_id])

    def test_a_sheet_left_open_is_told_until_it_is_closed(self, client_for, line):
        api.open_sheet(session=line.session, day=MONDAY + timedelta(days=1), half_day="morning", starts=time(9),
                       ends=time(12), actor=line.trainer, at=at(MONDAY + timedelta(days=1), 8))  # fmt: skip

        desk = desk_of(client_for, line.trainer)

        assert figure(desk, "Feuilles passées à clôturer").value == "1"
        assert len(board(desk, "Feuilles passées à clôturer").rows) == 1
        assert not board(desk, "Aujourd’hui, dans l’ordre").rows

    def test_he_sees_nothing_of_what_another_trains(self, client_for, line):
        colleague = factories.a_user("trainer", line.organisation.training)

        with clock.travel(at(MONDAY, 8)):
            assert figure(desk_of(client_for, colleague), "Sessions aujourd’hui").value == "0"
            assert figure(desk_of(client_for, line.trainer), "Sessions aujourd’hui").value == "1"

    def test_what_today_s_learners_need_arranged_is_told_that_day_only(self, client_for, line):
        api.declare_accommodation(
            adviser=line.adviser, kind=api.AccommodationKind.values[0], start=MONDAY,
            detail="Place près de la porte", actor=line.adviser.user, at=at(MONDAY, 5),
        )  # fmt: skip

        with clock.travel(at(MONDAY, 8)):
            today = home_of(client_for, line.trainer).content.decode()
            nobody = factories.a_user("trainer", line.organisation.training)
            other = home_of(client_for, nobody).content.decode()

        assert "Place près de la porte" in today
        assert "Place près de la porte" not in other
        assert "Place près de la porte" not in home_of(client_for, line.trainer).content.decode()

    def test_it_takes_ten_questions(self, client_for, line):
        with clock.travel(at(MONDAY, 8)):
            assert len(queries := asked(client_for, line.trainer)) <= 10, queries


class TestManager:
    def test_the_month_the_open_sheets_and_the_deadlines(self, client_for, line):
        api.open_sheet(session=line.session, day=MONDAY + timedelta(days=1), half_day="morning", starts=time(9),
                       ends=time(12), actor=line.trainer, at=at(MONDAY + timedelta(days=1), 8))  # fmt: skip

        with clock.travel(at(MONDAY + timedelta(days=3), 8)):
            desk = desk_of(client_for, line.organisation.manager)

        assert figure(desk, "Sessions ce mois-ci").value == "1"
        assert figure(desk, "Feuilles non clôturées").value == "1"
        assert figure(desk, "Échéances proches ou dépassées").value == "0"
        assert figure(desk, "Facturable depuis janvier").value.endswith("€")

    def test_a_deadline_within_thirty_days_names_the_learner(self, client_for):
        organisation, adviser = Organisation(), factories.an_adviser()
        version = a_timed_path(organisation, days=40)
        enrolment = api.enrol(adviser=adviser, path_version=version, source="self", actor=adviser.user,
                              at=at(MONDAY, 9))  # fmt: skip
        seen = {}
        for days in (5, 20, 50):
            with clock.travel(at(MONDAY + timedelta(days=days), 9)):
                seen[days] = board(
                    desk_of(client_for, organisation.manager), "Conseillers proches d’une échéance"
                ).rows

        assert not seen[5]
        assert seen[20][0][0]["url"] == reverse("enrolment", args=[enrolment.registration])
        assert cells(seen[20][0])[3].startswith("Avant le")
        assert cells(seen[50][0])[3].startswith("Dépassée le")

    def test_another_organisation_counts_for_nothing(self, client_for, line):
        stranger = Organisation()

        with clock.travel(at(MONDAY, 8)):
            desk = desk_of(client_for, stranger.manager)

        assert figure(desk, "Sessions ce mois-ci").value == "0"
        assert figure(desk, "Certificats à délivrer").value == "0"

    def test_the_questions_do_not_grow_with_the_learners(self, client_for, line):
        for _ in range(3):
            adviser = factories.an_adviser()
            certification.enrol_adviser(
                adviser=adviser, path_version=line.organisation.version, source="self", actor=adviser.user,
                at=at(MONDAY, 6),
            )  # fmt: skip

        with clock.travel(at(MONDAY + timedelta(days=3), 8)):
            assert len(queries := asked(client_for, line.organisation.manager)) <= 22, queries


def a_timed_path(organisation, *, days):
    """A path of one lesson, to be done within so many days of the enrolment."""
    from uuid import uuid4

    lesson = api.ActivityStructure(uuid4(), "lesson", "Leçon fictive")
    module = api.ModuleStructure(uuid4(), "Module fictif", 0, activities=(lesson,))
    structure = api.PathStructure("Parcours à délai", "continuing", modules=(module,), due_days=days)
    version, _ = api.publish_path_version(
        organisation=organisation.training, path_public_id=uuid4(), structure=structure,
        actor=organisation.manager, at=at(MONDAY, 5),
    )  # fmt: skip
    return version


class TestJury:
    def test_candidates_stand_in_order_with_what_waits_for_the_member(self, client_for):
        line = Line(Organisation(), until="prove")
        opened = _summoned(line)
        member = line.jury[0]

        with clock.travel(opened):
            before = desk_of(client_for, member)
            certification.give_opinion(sitting=line.sitting, outcome="acquired", appraisals=_all_acquired(line),
                                       actor=member, at=opened)  # fmt: skip
            after = desk_of(client_for, member)

        rows = board(before, "Candidats, dans l’ordre de leur convocation").rows
        assert [cells(row)[0] for row in rows] == [str(line.adviser)]
        assert rows[0][0]["url"] == reverse("sitting", args=[line.sitting.public_id])
        assert (figure(before, "Avis à rendre").value, figure(before, "Décisions à signer").value) == (
            "1",
            "0",
        )
        assert (figure(after, "Avis à rendre").value, figure(after, "Décisions à signer").value) == ("0", "1")
        assert before.action_url == reverse("exam_session", args=[line.exam_session.public_id])

    def test_a_member_of_no_jury_reads_nothing(self, client_for):
        Line(Organisation())

        desk = desk_of(client_for, factories.a_user("jury_member"))

        assert not any(board.rows for board in desk.boards)


def _all_acquired(line):
    return {c.code: "acquired" for c in line.candidacy.block.competencies.all()}


def _summoned(line):
    """A session opened, its jury named, the candidate summoned: the instant it opens."""
    programme, day = factories.a_user("programme_manager"), MONDAY + timedelta(days=20)
    line.candidacy = certification.open_candidacy(
        adviser=line.adviser, block=certification.block("CCP1", day), route="training", enrolment=line.enrolment,
        actor=line.adviser.user, at=at(day),
    )  # fmt: skip
    opens = at(day + timedelta(days=5), 6)
    line.exam_session = certification.open_exam_session(
        block=line.candidacy.block, centre=line.organisation.training, reference="SESSION-FICTIVE",
        place="Centre fictif", opens_at=opens, closes_at=opens + timedelta(hours=14), quorum=2, actor=programme,
        at=at(day + timedelta(days=1)),
    )  # fmt: skip
    line.jury = [factories.a_user("jury_member") for _ in range(2)]
    for member in line.jury:
        certification.appoint_member(exam_session=line.exam_session, user=member, actor=programme,
                                     at=at(day + timedelta(days=1)))  # fmt: skip
    line.sitting = certification.summon(exam_session=line.exam_session, candidacy=line.candidacy, actor=programme,
                                        at=at(day + timedelta(days=1), 11))  # fmt: skip
    return opens + timedelta(hours=3)


class TestAgency:
    def test_the_queues_say_how_long_each_has_waited(self, client_for):
        line = Line(Organisation())
        with clock.travel(datetime(2026, 12, 1, 9, tzinfo=UTC)):
            desk = desk_of(client_for, factories.a_user("service_certifier"))

        assert desk.boards[0].headers[2] == "Depuis"
        assert all("jour" in row[2] for row in desk.boards[0].rows)
        assert figure(desk, "Payé aux organismes").value.endswith("€")
        assert Module.objects.filter(pk=line.module.pk).exists()


class TestTheEditor:
    """What the editor’s workflow has waiting, told where each person arrives."""

    @pytest.fixture
    def written(self):
        return Written()

    def submit(self, page, author):
        """The author hands his page in."""
        page.save_revision(user=author)
        return page.get_workflow().start(page, author)

    def test_a_page_handed_in_waits_for_the_manager_and_for_nobody_else(self, client_for, written):
        self.submit(written.lesson, written.author)
        stranger = Organisation()

        mine = desk_of(client_for, written.manager)
        [row] = board(mine, "Pages qui attendent votre accord").rows

        assert figure(mine, "Pages à approuver").value == "1"
        assert cells(row)[0] == written.lesson.title
        assert cells(row)[2] == str(written.author)
        assert figure(desk_of(client_for, stranger.manager), "Pages à approuver").value == "0"
        programme = factories.a_user("programme_manager")
        assert figure(desk_of(client_for, programme), "Pages à approuver").value == "0"

    def test_an_author_finds_his_drafts_and_what_was_sent_back_with_its_remark(self, client_for, written):
        state = self.submit(written.lesson, written.author)
        before = desk_of(client_for, written.author)
        state.current_task_state.reject(user=written.manager, comment="Citez vos sources.")

        after = desk_of(client_for, written.author)
        [row] = board(after, "Pages à reprendre").rows

        assert figure(before, "Pages à reprendre").value == "0"
        assert written.lesson.title in [cells(row)[0] for row in board(before, "Mes brouillons").rows]
        assert cells(row)[2] == "Citez vos sources."
        assert row[0]["hint"] == f"par {written.manager}"
        assert not board(desk_of(client_for, Organisation().author), "Mes brouillons").rows
