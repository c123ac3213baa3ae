"""A jury decides alone, in the open time, with its quorum, and without those who are not free to judge."""

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from certification import api
from certification.models import JuryDecision
from courses import api as training
from courses.models import AuditEntry, Statement
from courses.shared.errors import AccessDeniedError, DomainError
from tests.certification.jury_world import (
    HOUR,
    World,
    a_candidacy,
    a_member,
    a_session,
    a_taught_half_day,
    decided,
    grid,
    ministry,
    validated,
)
from tests.factories import NOON, a_training_organisation, a_user, root

pytestmark = pytest.mark.django_db


class TestOpenExamSession:
    def test_refuses_a_centre_that_is_not_approved(self):
        with pytest.raises(api.ExamSessionError, match="pas agréé"):
            a_session(centre=a_training_organisation())

    def test_refuses_a_quorum_below_the_programmes_own(self):
        with pytest.raises(DomainError, match="inférieur à 2"):
            a_session(quorum=1)

    def test_refuses_to_close_before_opening(self):
        with pytest.raises(DomainError, match="fermer après"):
            a_session(opens_at=NOON, closes_at=NOON - HOUR)

    def test_refuses_a_number_already_taken(self):
        first = a_session()

        with pytest.raises(api.ExamSessionError, match="déjà ce numéro"):
            a_session(reference=first.reference)

    def test_takes_the_quorum_of_the_rule_when_none_is_given(self):
        assert a_session(quorum=None).quorum == 2


class TestAppointMember:
    def test_refuses_a_person_who_may_not_judge(self):
        with pytest.raises(api.AppointmentError, match="pas habilitée"):
            api.appoint_member(exam_session=a_session(), user=a_user(), actor=root(), at=NOON)

    def test_refuses_the_same_person_twice(self):
        session = a_session()
        member = a_member(session)

        with pytest.raises(api.AppointmentError, match="siège déjà"):
            api.appoint_member(exam_session=session, user=member.user, actor=root(), at=NOON)

    def test_refuses_a_candidate_of_the_session(self):
        world = World()
        candidate = world.adviser.user
        training.grant_role(user=candidate, role="jury_member", start=NOON.date(), actor=root(), at=NOON)

        with pytest.raises(api.AppointmentError, match="candidate à cette session"):
            api.appoint_member(exam_session=world.session, user=candidate, actor=root(), at=NOON)


class TestSummon:
    def test_refuses_a_candidate_to_another_block(self):
        with pytest.raises(api.SummonsError, match="autre bloc"):
            World().summon(a_candidacy("PIX"))

    def test_refuses_the_same_candidate_twice(self):
        world = World()

        with pytest.raises(api.SummonsError, match="déjà convoqué"):
            world.summon(world.sitting.candidacy)

    def test_refuses_a_second_open_sitting_in_another_session(self):
        world, other = World(), World()

        with pytest.raises(api.SummonsError, match="attend déjà"):
            other.summon(world.sitting.candidacy)

    def test_lets_a_candidate_who_failed_sit_again(self):
        failed, other = decided("not_acquired"), World()

        again = other.summon(failed.sitting.candidacy)

        assert again.candidacy == failed.sitting.candidacy

    def test_refuses_once_the_session_is_over(self):
        session = a_session()

        with pytest.raises(api.SummonsError, match="fermée"):
            api.summon(exam_session=session, candidacy=a_candidacy(), actor=root(), at=session.closes_at)


class TestGiveOpinion:
    def test_refuses_someone_who_does_not_sit_on_this_jury(self):
        world = World()
        stranger = a_user("jury_member")

        with pytest.raises(api.NotAMemberError, match="membres de ce jury"):
            api.give_opinion(
                sitting=world.sitting, outcome="acquired", appraisals={}, actor=stranger, at=NOON
            )

    def test_refuses_a_member_who_trained_the_candidate_and_says_where(self):
        world = World()
        a_taught_half_day(world.adviser, world.members[0].user)

        with pytest.raises(api.BarredMemberError, match=r"a formé le candidat .*Groupe fictif.*12/03/2026"):
            world.opinion()

    def test_refuses_a_member_who_declared_a_conflict(self):
        world = World()
        member = world.members[0]
        api.declare_conflict(
            member=member, candidacy=world.sitting.candidacy, reason="voisin", actor=member.user, at=NOON
        )

        with pytest.raises(api.BarredMemberError, match="conflit d’intérêts"):
            world.opinion()

    def test_refuses_before_the_session_opens_and_after_it_closes(self):
        world = World()

        for at in (world.session.opens_at - timedelta(seconds=1), world.session.closes_at):
            with pytest.raises(api.ExamSessionError, match="n’est pas ouverte"):
                world.opinion(at=at)

    def test_refuses_a_favourable_opinion_with_a_competence_left_out(self):
        world = World()
        partial = dict(list(grid(world.session).items())[1:])

        with pytest.raises(api.AppraisalError, match="Il manque"):
            world.opinion(appraisals=partial)

    def test_refuses_an_unknown_competence_and_an_unknown_word(self):
        world = World()

        with pytest.raises(api.AppraisalError, match="Compétence inconnue"):
            world.opinion(appraisals={"ZZ": "acquired"})
        with pytest.raises(api.AppraisalError, match="Appréciation inconnue"):
            world.opinion(appraisals=grid(world.session, "peut-être"))

    def test_is_given_once(self):
        world = World()
        world.opinion()

        with pytest.raises(api.AlreadyDecidedError, match="déjà rendu votre avis"):
            world.opinion()

    def test_no_one_declares_a_conflict_for_another(self):
        world = World()

        with pytest.raises(api.NotAMemberError):
            api.declare_conflict(
                member=world.members[0], candidacy=world.sitting.candidacy, reason="x", actor=world.members[1].user,
                at=NOON,
            )  # fmt: skip


class TestSignDecision:
    def test_records_the_decision_with_its_members_its_statement_and_its_trace(self):
        world = World().opinions()

        decision = world.sign()

        statement = Statement.objects.get(uuid=decision.public_id)
        assert decision.outcome == "acquired"
        assert all(member.user.last_name in decision.members for member in world.members)
        assert statement.evidence_class == "E3"
        assert f"jury/{world.session.public_id}" in statement.authority.ifi
        assert AuditEntry.objects.get(action="juries.decision.sign").object_seal == decision.seal

    def test_refuses_without_the_quorum(self):
        world = World()
        world.opinion(0)

        with pytest.raises(api.QuorumError, match="1 avis recevable sur 2"):
            world.sign()

    def test_does_not_count_the_opinion_of_a_member_whose_conflict_is_declared_later(self):
        world = World().opinions()
        member = world.members[1]
        api.declare_conflict(
            member=member, candidacy=world.sitting.candidacy, reason="parent", actor=member.user, at=NOON
        )

        with pytest.raises(api.QuorumError):
            world.sign()

    def test_does_not_count_the_opinion_of_a_member_found_to_be_a_trainer(self):
        world = World().opinions()
        a_taught_half_day(world.adviser, world.members[1].user)

        with pytest.raises(api.QuorumError):
            world.sign()
        with pytest.raises(api.BarredMemberError):
            world.sign(member=1)

    def test_refuses_a_member_who_gave_no_opinion(self):
        world = World()
        world.members.append(a_member(world.session))
        world.opinion(0)
        world.opinion(1)

        with pytest.raises(api.NotAMemberError, match="votre propre avis"):
            world.sign(member=2)

    def test_refuses_when_the_session_is_closed(self):
        world = World().opinions()

        with pytest.raises(api.ExamSessionError, match="n’est pas ouverte"):
            world.sign(at=world.session.closes_at)

    def test_refuses_a_second_decision(self):
        world = decided()

        with pytest.raises(api.AlreadyDecidedError, match="déjà été rendue"):
            world.sign(member=1)

    def test_leaves_nothing_behind_when_it_refuses(self):
        world = World()
        world.opinion(0)
        before = AuditEntry.objects.count(), Statement.objects.count()

        with pytest.raises(api.QuorumError):
            world.sign()

        assert (AuditEntry.objects.count(), Statement.objects.count()) == before

    def test_the_row_cannot_be_changed_even_by_hand(self):
        decision = decided().sitting.decisions.get()

        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            JuryDecision.objects.filter(pk=decision.pk).update(outcome="not_acquired")


class TestCorrectDecision:
    def correct(self, world, **values):
        given = {
            "decision": world.sitting.decisions.known().get(), "outcome": "not_acquired", "reason": "erreur de saisie",
            "second_author": world.members[1].user, "actor": world.members[0].user, "at": NOON + 3 * HOUR,
        }  # fmt: skip
        return api.correct_decision(**{**given, **values})

    def test_is_a_new_row_that_names_the_old_one_and_bears_two_authors(self):
        world = decided()
        old = world.sitting.decisions.get()

        new = self.correct(world)

        old.refresh_from_db()
        assert (new.corrects, old.superseded_at, old.outcome) == (old, NOON + 3 * HOUR, "acquired")
        assert {new.signed_by, new.second_author} == {member.user for member in world.members}

    def test_refuses_a_single_author(self):
        world = decided()

        with pytest.raises(api.CorrectionError, match="deux personnes distinctes"):
            self.correct(world, second_author=world.members[0].user)

    def test_refuses_an_author_from_outside_the_jury(self):
        with pytest.raises(api.NotAMemberError):
            self.correct(decided(), second_author=a_user("jury_member"))

    def test_refuses_without_a_reason_or_without_a_change(self):
        with pytest.raises(api.CorrectionError, match="motif"):
            self.correct(decided(), reason=" ")
        with pytest.raises(api.CorrectionError, match="sans objet"):
            self.correct(decided(), outcome="acquired")

    def test_refuses_a_decision_already_corrected(self):
        world = decided()
        old = world.sitting.decisions.get()
        self.correct(world)

        with pytest.raises(api.CorrectionError, match="déjà été corrigée"):
            self.correct(world, decision=old, at=NOON + 4 * HOUR)


class TestReport:
    def test_freezes_every_decision_with_its_seal(self):
        world = decided()

        report = world.report()

        assert world.sitting.decisions.get().seal in report.content

    def test_refuses_while_a_candidate_has_no_decision(self):
        world = decided()
        world.summon(a_candidacy())

        with pytest.raises(api.ReportError, match="Il manque 1 décision"):
            world.report()

    def test_is_drawn_up_once(self):
        world = decided()
        world.report()

        with pytest.raises(api.ReportError, match="déjà établi"):
            world.report()

    def test_seals_the_session_off(self):
        world = decided()
        world.report()

        with pytest.raises(api.ExamSessionError, match="ne change plus"):
            world.summon(a_candidacy())

    def test_is_validated_by_the_ministry_only(self):
        world = decided()
        report = world.report()

        with pytest.raises(AccessDeniedError, match="représentant du ministère"):
            api.validate_report(report=report, actor=a_user("programme_manager"), at=NOON + 3 * HOUR)

    def test_is_not_validated_by_a_member_of_its_jury(self):
        world = decided()
        member = world.members[0].user
        place = ministry().memberships.get().organisation
        training.grant_role(
            user=member,
            role="ministry_representative",
            organisation=place,
            start=NOON.date(),
            actor=root(),
            at=NOON,
        )

        with pytest.raises(api.ReportError, match="Vous siégez"):
            api.validate_report(report=world.report(), actor=member, at=NOON + 3 * HOUR)

    def test_is_validated_once(self):
        world = validated()
        report = world.session.reports.get()

        with pytest.raises(api.ReportError, match="déjà validé"):
            api.validate_report(report=report, actor=ministry(), at=NOON + 4 * HOUR)

    def test_is_not_validated_once_one_of_its_decisions_was_corrected(self):
        world = decided()
        report = world.report()
        TestCorrectDecision().correct(world)

        with pytest.raises(api.ReportError, match="corrigée depuis"):
            api.validate_report(report=report, actor=ministry(), at=NOON + 4 * HOUR)


class TestScreens:
    """Each reader meets what concerns him, and nothing else exists for him."""

    @pytest.fixture(autouse=True)
    def _during_the_session(self):
        with time_machine.travel(NOON, tick=True):
            yield

    def test_a_member_reads_the_others_only_after_his_own_opinion(self, client_for):
        world = World()
        world.opinion(0, comment="observation de la première")
        page = reverse("sitting", args=[world.sitting.public_id])
        second = client_for(world.members[1].user)
        assert "observation de la première" not in second.get(page).content.decode()

        world.opinion(1)

        assert "observation de la première" in second.get(page).content.decode()

    def test_a_stranger_and_the_candidate_find_nothing(self, client_for):
        world = World()
        training.grant_role(
            user=world.adviser.user, role="jury_member", start=NOON.date(), actor=root(), at=NOON
        )

        for person in (a_user("jury_member"), a_user("trainer"), world.adviser.user):
            assert (
                client_for(person).get(reverse("sitting", args=[world.sitting.public_id])).status_code == 404
            )

    def test_an_opinion_is_given_from_the_grid_and_sent_twice_counts_once(self, client_for):
        world = World()
        browser = client_for(world.members[0].user)
        ticked = {
            f"competency_{pk}": "acquired"
            for pk in world.session.block.competencies.values_list("pk", flat=True)
        }
        sent = {**ticked, "outcome": "acquired", "comment": "", "idempotency_key": str(uuid4())}
        address = reverse("give_opinion", args=[world.sitting.public_id])

        answers = [browser.post(address, sent) for _ in range(2)]

        assert [answer.status_code for answer in answers] == [302, 302]
        assert world.sitting.opinions.count() == 1

    def test_a_grid_with_a_gap_comes_back_with_what_was_ticked(self, client_for):
        world = World()
        one = world.session.block.competencies.first()
        sent = {
            f"competency_{one.pk}": "acquired",
            "outcome": "acquired",
            "idempotency_key": str(uuid4()),
        }

        answer = client_for(world.members[0].user).post(
            reverse("give_opinion", args=[world.sitting.public_id]), sent
        )

        assert answer.status_code == 422
        assert "checked" in answer.content.decode()
        assert world.sitting.opinions.count() == 0

    def test_a_refusal_is_said_on_the_confirm_page(self, client_for):
        world = World()
        world.opinion(0)

        answer = client_for(world.members[0].user).post(
            reverse("sign_decision", args=[world.sitting.public_id]),
            {"outcome": "acquired", "idempotency_key": str(uuid4())},
        )

        assert answer.status_code == 409
        assert "Le quorum n’est pas atteint" in answer.content.decode()

    def test_the_whole_session_is_run_from_the_screens(self, client_for):
        world = World().opinions()
        member, ministry_client = client_for(world.members[0].user), client_for(ministry())
        session = world.session.public_id

        def send(browser, name, public_id, **values):
            answer = browser.post(
                reverse(name, args=[public_id]), {"idempotency_key": str(uuid4()), **values}
            )
            assert answer.status_code == 302, answer.content.decode()[:2000]

        send(member, "sign_decision", world.sitting.public_id, outcome="acquired", comment="")
        send(member, "close_report", session)
        assert world.session.reference in ministry_client.get(reverse("jury_reports")).content.decode()
        send(ministry_client, "validate_report", session)

        assert (
            "Validé par le ministère" in member.get(reverse("jury_report", args=[session])).content.decode()
        )

    def test_the_programme_manager_opens_appoints_and_summons(self, client_for):
        manager, session, candidacy = a_user("programme_manager"), a_session(), a_candidacy()
        member = a_user("jury_member")
        browser = client_for(manager)

        def send(name, **values):
            return browser.post(
                reverse(name, args=[session.public_id]), {"idempotency_key": str(uuid4()), **values}
            )

        assert send("appoint_member", user=member.pk).status_code == 302
        assert send("summon_candidate", candidacy=candidacy.pk).status_code == 302
        assert send("appoint_member", user=member.pk).status_code == 422
        page = browser.get(reverse("exam_session", args=[session.public_id])).content.decode()
        assert str(member) in page
        assert str(candidacy.adviser) in page


def at_the_same_time(*acts):
    """Each act in its own thread and connection; what each gave, or the refusal it met."""
    given = [None] * len(acts)

    def run(rank, act):
        try:
            given[rank] = act()
        except (DomainError, DatabaseError) as refusal:
            given[rank] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return given


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
class TestRace:
    def test_two_members_who_sign_at_once_give_one_decision_and_one_refusal(self):
        world = World().opinions()

        given = at_the_same_time(lambda: world.sign(0), lambda: world.sign(1))

        assert JuryDecision.objects.count() == 1
        assert sorted(type(one).__name__ for one in given) == ["AlreadyDecidedError", "JuryDecision"]

    def test_control_without_lock_nor_constraint_both_would_decide(self):
        world = World().opinions()
        read_both = threading.Barrier(2)

        def sign_unlocked(member):
            with transaction.atomic():
                assert not JuryDecision.objects.filter(sitting=world.sitting).exists()
                read_both.wait(timeout=10)
                return JuryDecision.objects.create(
                    sitting=world.sitting, outcome="acquired", members="[]", appraisals="{}", rule="x",
                    signed_by=world.members[member].user, valid_on=NOON.date(), known_at=NOON,
                )  # fmt: skip

        with connection.cursor() as cursor:
            cursor.execute("DROP INDEX jury_decision_one_effective")
        at_the_same_time(lambda: sign_unlocked(0), lambda: sign_unlocked(1))

        assert JuryDecision.objects.count() == 2
