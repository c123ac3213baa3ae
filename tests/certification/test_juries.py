"""A jury decides alone, in the open time, with its quorum, and without those who are not free to judge."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

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
            api.give_opinion(sitting=world.sitting, outcome="acquired", appraisals={}, actor=stranger, at=NOON)

    def test_refuses_a_member_who_trained_the_candidate_and_says_where(self):
        world = World()
        a_taught_half_day(world.adviser, world.members[0].user)

        with pytest.raises(api.BarredMemberError, match="a formé le candidat .*Groupe fictif.*12/03/2026"):
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

        with pytest.raises((IntegrityError, Exception), match="append-only"), transaction.atomic():
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
            user=member, role="ministry_representative", organisation=place, start=NOON.date(), actor=root(), at=NOON
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
