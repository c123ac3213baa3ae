"""Voiding (xAPI Data 2.3.2, Communication 2.1.4; 2.0.0 §4.2.5): the statement leaves the lists and stays stored."""

from uuid import uuid4

import pytest

from courses import api
from courses.models import Statement
from courses.xapi.validation import VERSION_1
from tests import factories
from tests.factories import NOON

from .caller import Caller
from .statements import ACTIVITY, VERB, reference, statement, substatement, voiding
from .tables import covers

OTHER_VERB = {"id": "https://of.example/verbs/attended"}


def _voided(caller, **changes):
    """(the statement that was voided, the one that voids it)."""
    (uuid,) = caller.store(statement(**changes))
    (by,) = caller.store(voiding(uuid))
    return uuid, by


class TestVoiding:
    @covers(18, "4.2.5")
    def test_the_statement_is_no_longer_found_by_its_id(self, caller):
        uuid, _ = _voided(caller)

        assert caller.get("statements", {"statementId": uuid}).status_code == 404

    @covers(155, 157, "4.2.5")
    def test_it_is_found_as_a_voided_statement_whole(self, caller):
        uuid, _ = _voided(caller, result={"success": True})

        found = caller.one(uuid, "voidedStatementId")

        assert (found["id"], found["result"]) == (uuid, {"success": True})

    @covers(155)
    def test_what_is_not_voided_is_not_found_as_voided(self, caller):
        (uuid,) = caller.store(statement())

        assert caller.get("statements", {"voidedStatementId": uuid}).status_code == 404
        assert caller.get("statements", {"voidedStatementId": str(uuid4())}).status_code == 404

    @covers(163)
    def test_no_list_gives_it(self, caller):
        uuid, by = _voided(caller)

        assert caller.ids() == [by]
        assert uuid not in caller.ids(activity=ACTIVITY, related_activities="true")
        assert uuid not in caller.ids(verb=VERB["id"])
        assert Statement.objects.get(uuid=uuid).voided_at is not None

    @covers(162)
    def test_what_targets_it_still_matches_by_what_it_says(self, caller):
        uuid, by = _voided(caller, verb=OTHER_VERB)
        (comment,) = caller.store(statement(object=reference(uuid)))

        assert caller.ids(verb=OTHER_VERB["id"]) == [comment, by]
        assert caller.one(by)["object"]["id"] == uuid

    @covers(16, "4.2.5")
    def test_a_voiding_statement_is_never_voided(self, caller):
        uuid, by = _voided(caller)

        assert caller.post("statements", voiding(by)).status_code == 200

        assert caller.one(by)["id"] == by
        assert caller.get("statements", {"voidedStatementId": by}).status_code == 404
        assert caller.get("statements", {"statementId": uuid}).status_code == 404

    @covers("4.2.5")
    def test_voiding_twice_changes_nothing(self, caller):
        uuid, _ = _voided(caller)
        before = Statement.objects.get(uuid=uuid).voided_at

        assert caller.post("statements", voiding(uuid)).status_code == 200

        assert Statement.objects.get(uuid=uuid).voided_at == before
        assert caller.one(uuid, "voidedStatementId")["id"] == uuid

    @covers(16, 19, "4.2.5")
    def test_what_is_not_there_yet_is_voided_when_it_comes(self, caller):
        uuid = str(uuid4())
        caller.store(voiding(uuid))

        caller.store(statement(id=uuid))

        assert caller.get("statements", {"statementId": uuid}).status_code == 404
        assert caller.one(uuid, "voidedStatementId")["id"] == uuid

    @covers(16)
    def test_a_voiding_statement_that_comes_after_the_one_that_voids_it_stands(self, caller):
        first, second = str(uuid4()), str(uuid4())
        caller.store(voiding(second))
        caller.store(voiding(first, id=second))

        assert caller.one(second)["id"] == second

    @covers(20)
    def test_a_reference_within_voids_nothing(self, caller):
        (uuid,) = caller.store(statement())
        within = substatement(verb=voiding(uuid)["verb"], object=reference(uuid))

        caller.store(statement(object=within))

        assert caller.one(uuid)["id"] == uuid

    @covers(18)
    def test_voided_and_voiding_in_one_batch(self, caller):
        uuid = str(uuid4())

        _, by = caller.store(statement(id=uuid), voiding(uuid))

        assert caller.ids() == [by]

    @pytest.mark.parametrize(
        "scopes",
        [
            ["statements/write"],
            ["statements/write", "statements/read", "statements/read/mine", "state", "profile"],
        ],
    )
    @covers(327)
    def test_only_a_key_that_may_do_all_voids(self, db, scopes):
        caller = Caller(*scopes, version=VERSION_1)
        (uuid,) = caller.store(statement())

        assert caller.post("statements", voiding(uuid)).status_code == 403
        assert caller.post("statements", [statement(), voiding(uuid)]).status_code == 403
        assert Statement.objects.count() == 1

    def test_the_statement_of_another_organisation_stands(self, caller):
        stranger = Caller()
        (uuid,) = stranger.store(statement())
        to_come = str(uuid4())

        caller.store(voiding(uuid), voiding(to_come))
        stranger.store(statement(id=to_come))

        assert stranger.one(uuid)["id"] == uuid
        assert stranger.one(to_come)["id"] == to_come

    def test_a_statement_of_this_site_stands(self, caller):
        ours = api.record_statement(
            verb="passed",
            actor=factories.a_user(),
            object_iri=ACTIVITY,
            object_name="Leçon",
            registration=uuid4(),
            evidence_class="E1",
            authority=api.Authority.assessment(),
            at=NOON,
        )

        caller.store(voiding(ours.uuid))

        ours.refresh_from_db()
        assert ours.voided_at is None
