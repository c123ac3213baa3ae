"""The rules decide the right from plain inputs; the act records what they looked at."""

import json
from dataclasses import replace
from datetime import date

import pytest

from certification.models import FundingRight, RuleSet
from certification.programme.errors import AlreadyEnrolledError, NoRuleError, NotFundedError
from certification.programme.queries import preview_right, rules_on
from certification.programme.rules import FundedModule, ProgrammeRules, RightInputs, decide
from certification.programme.services import FILE, enrol_adviser, load_rules
from certification.qualifications.errors import ReferenceDataError
from courses.models import AuditEntry, Enrolment
from tests import factories
from tests.certification.training import a_module_version, a_version
from tests.factories import DAY, NOON

VERSIONS = {
    one["version"]: ProgrammeRules.read(one["content"])
    for one in json.loads(FILE.read_text(encoding="utf-8"))["versions"]
}
INITIAL = RightInputs("initial", DAY, True, "poste-1", 175 * 60, 210 * 60)
MODULE = RightInputs("continuing", DAY, True, "poste-1", 7 * 60, 0, initial_entry_on=date(2026, 1, 12))


def refusal(inputs: RightInputs, version: int = 3) -> str:
    decision = decide(inputs, VERSIONS[version])
    assert not decision.granted
    assert decision.ceiling_minutes == 0
    return " ".join(decision.reasons)


class TestInitialPath:
    def test_175_h_and_210_h_of_placement_are_funded_since_october_2025(self):
        decision = decide(INITIAL, VERSIONS[3])

        assert decision.granted
        assert decision.ceiling_minutes == 175 * 60

    @pytest.mark.parametrize(
        ("version", "hours"), [(1, 105), (1, 280), (1, 350), (1, 420), (2, 70), (2, 175), (2, 315)]
    )
    def test_each_period_funds_its_own_lengths(self, version, hours):
        inputs = replace(INITIAL, course_minutes=hours * 60, placement_minutes=0)

        assert decide(inputs, VERSIONS[version]).granted

    def test_refuses_another_length_and_says_which_are_funded(self):
        reasons = refusal(replace(INITIAL, course_minutes=174 * 60, placement_minutes=0))

        assert "174\u00a0h" in reasons
        assert "175\u00a0h et 210\u00a0h de stage" in reasons

    def test_refuses_a_second_funded_path_and_names_the_first(self):
        assert "«\u00a0Premier\u00a0»" in refusal(replace(INITIAL, funded_initial_path="Premier"))

    def test_refuses_an_adviser_who_is_not_in_post(self):
        assert "n’est pas en poste le 12/03/2026" in refusal(replace(INITIAL, post_number=""))

    def test_refuses_between_two_periods(self):
        assert "Aucune règle de financement" in refusal(replace(INITIAL, in_force=False))

    def test_tells_all_that_stands_in_the_way_at_once(self):
        decision = decide(replace(INITIAL, post_number="", funded_initial_path="Premier"), VERSIONS[3])

        assert len(decision.reasons) == 2
        assert decision.rule == "in_post"


class TestModuleQuota:
    def test_two_modules_in_the_year_after_entry(self):
        first = decide(MODULE, VERSIONS[3])
        second = decide(replace(MODULE, funded_modules=(FundedModule(date(2026, 2, 2), 2026),)), VERSIONS[3])

        assert first.granted
        assert second.granted

    def test_refuses_the_third_and_says_when_the_next_comes(self):
        two = (FundedModule(date(2026, 2, 2), 2026), FundedModule(date(2026, 2, 9), 2026))

        assert "à partir du 12/01/2027" in refusal(replace(MODULE, funded_modules=two))

    def test_after_that_year_one_by_civil_year(self):
        entered = replace(MODULE, initial_entry_on=date(2025, 2, 3))

        assert decide(entered, VERSIONS[3]).granted
        assert "à partir du 01/01/2027" in refusal(
            replace(entered, funded_modules=(FundedModule(DAY, 2026),))
        )

    def test_one_of_the_two_followed_this_civil_year_moves_the_next_to_the_following_year(self):
        entered = replace(MODULE, initial_entry_on=date(2025, 2, 3))
        two = (FundedModule(date(2025, 6, 2), 2025), FundedModule(date(2026, 1, 12), 2026))

        assert "2026 est déjà pris" in refusal(replace(entered, funded_modules=two))

    def test_entered_before_2024_has_one_by_civil_year_from_the_start(self):
        entered = replace(MODULE, initial_entry_on=date(2023, 12, 4), day=date(2024, 5, 6))

        assert decide(entered, VERSIONS[2]).granted
        assert "2024 est déjà pris" in refusal(
            replace(entered, funded_modules=(FundedModule(date(2024, 4, 9), 2024),)), 2
        )

    def test_the_module_of_2024_may_be_used_until_31_march_2025(self):
        entered = replace(MODULE, initial_entry_on=date(2023, 1, 9))

        in_time = decide(replace(entered, day=date(2025, 3, 31)), VERSIONS[2])
        too_late = decide(replace(entered, day=date(2025, 4, 1)), VERSIONS[2])

        assert (in_time.granted, in_time.year) == (True, 2024)
        assert (too_late.granted, too_late.year) == (True, 2025)

    def test_refuses_a_module_before_any_initial_path(self):
        assert "après l’entrée en formation initiale" in refusal(replace(MODULE, initial_entry_on=None))

    def test_refuses_another_length_than_7_or_14_h(self):
        assert "7\u00a0h ou 14\u00a0h" in refusal(replace(MODULE, course_minutes=600))

    def test_the_first_period_funds_no_module(self):
        assert "Aucun module n’est financé" in refusal(MODULE, 1)


@pytest.mark.django_db
class TestRulesOn:
    @pytest.mark.parametrize(
        ("day", "version", "in_force"),
        [
            (date(2022, 6, 1), 1, True),
            (date(2023, 9, 1), 1, False),
            (date(2025, 10, 20), 2, True),
            (date(2025, 10, 21), 3, True),
        ],
    )
    def test_the_rules_are_those_of_the_day(self, day, version, in_force):
        load_rules()

        found = rules_on(day)

        assert (found.rule_set.version, found.in_force) == (version, in_force)

    def test_refuses_a_day_before_the_programme(self):
        load_rules()

        with pytest.raises(NoRuleError, match="ne sont pas connues"):
            rules_on(date(2020, 1, 1))

    def test_a_second_load_changes_nothing(self):
        load_rules()
        load_rules()

        assert RuleSet.objects.count() == 3

    def test_a_loaded_version_never_changes(self, tmp_path):
        load_rules()
        given = json.loads(FILE.read_text(encoding="utf-8"))
        given["versions"][2]["content"]["pix_validity_months"] = 12
        path = tmp_path / "programme.json"
        path.write_text(json.dumps(given), encoding="utf-8")

        with pytest.raises(ReferenceDataError, match="next version"):
            load_rules(path)


@pytest.fixture
def rules(db):
    load_rules()


def enrol(adviser, version, at=NOON, **choice):
    return enrol_adviser(
        adviser=adviser, path_version=version, source="self", actor=adviser.user, at=at, **choice
    )


@pytest.mark.usefixtures("rules")
class TestEnrolAdviser:
    def test_a_funded_enrolment_keeps_the_right_its_rule_its_inputs_and_its_reasons(self):
        adviser = factories.an_adviser()

        enrolment = enrol(adviser, a_version())

        right = FundingRight.objects.get(enrolment=enrolment)
        assert right.granted
        assert (right.rule_set.version, right.rule, right.ceiling_minutes) == (3, "initial_path", 175 * 60)
        assert json.loads(right.inputs)["course_minutes"] == 175 * 60
        assert "en poste le 12/03/2026" in right.reasons
        assert AuditEntry.objects.filter(action="programme.right.decide", object_seal=right.seal).exists()

    def test_refuses_what_is_not_funded_and_leaves_nothing_behind(self):
        adviser = factories.an_adviser(in_post=False)

        with pytest.raises(NotFundedError, match="n’est pas en poste"):
            enrol(adviser, a_version())

        assert not Enrolment.objects.exists()
        assert not FundingRight.objects.exists()

    def test_keeps_it_unfunded_when_someone_chose_so(self):
        adviser = factories.an_adviser(in_post=False)

        enrolment = enrol(adviser, a_version(), keep_unfunded=True)

        right = FundingRight.objects.get(enrolment=enrolment)
        assert (right.granted, right.ceiling_minutes) == (False, 0)
        assert "n’est pas en poste" in right.reasons

    def test_choosing_to_keep_it_costs_nothing_when_it_is_funded(self):
        enrolment = enrol(factories.an_adviser(), a_version(), keep_unfunded=True)

        assert FundingRight.objects.get(enrolment=enrolment).granted

    def test_refuses_the_same_path_twice_and_names_the_first(self):
        adviser, version = factories.an_adviser(), a_version(title="Parcours Étoile")
        enrol(adviser, version)

        with pytest.raises(
            AlreadyEnrolledError, match="«\u00a0Parcours Étoile\u00a0» existe déjà depuis le 12/03/2026"
        ) as told:
            enrol(adviser, version)

        assert told.value.status == 409

    def test_refuses_a_second_funded_initial_path(self):
        adviser = factories.an_adviser()
        enrol(adviser, a_version(title="Premier"))

        with pytest.raises(NotFundedError, match="«\u00a0Premier\u00a0»"):
            enrol(adviser, a_version(title="Second"))

    def test_the_third_module_of_the_year_is_kept_only_by_choice(self):
        adviser = factories.an_adviser()
        enrol(adviser, a_version())
        for title in ("Un", "Deux"):
            enrol(adviser, a_module_version(title=title))
        third = a_module_version(title="Trois")

        with pytest.raises(NotFundedError, match="déjà pris"):
            enrol(adviser, third)
        enrol(adviser, third, keep_unfunded=True)

        assert FundingRight.objects.filter(adviser=adviser, kind="module", granted=True).count() == 2
        assert FundingRight.objects.filter(adviser=adviser, granted=False).count() == 1

    def test_an_unfunded_module_does_not_use_the_quota(self):
        adviser = factories.an_adviser()
        enrol(adviser, a_version())
        enrol(adviser, a_module_version(hours=9, title="Trop long"), keep_unfunded=True)

        preview = preview_right(adviser, a_module_version(title="Bon").path, DAY)

        assert preview.granted
        assert "Module 1 sur 2" in " ".join(preview.reasons)


@pytest.mark.usefixtures("rules")
class TestEnrolScreen:
    def test_shows_the_right_and_its_reasons_then_enrols(self, client_for, a_key):
        adviser, version = factories.an_adviser(), a_version()
        browser = client_for(adviser.user)

        page = browser.get(f"/inscriptions/{version.pk}/").content.decode()
        answer = browser.post(f"/inscriptions/{version.pk}/", {"idempotency_key": a_key})

        assert "Financée par l’État" in page
        assert answer.status_code == 302
        assert Enrolment.objects.get().source == "self"

    def test_without_the_right_the_choice_must_be_explicit(self, client_for, a_key):
        adviser, version = factories.an_adviser(in_post=False), a_version()
        browser = client_for(adviser.user)

        refused = browser.post(f"/inscriptions/{version.pk}/", {"idempotency_key": a_key})
        kept = browser.post(f"/inscriptions/{version.pk}/", {"idempotency_key": a_key, "keep_unfunded": "on"})

        assert "Cochez cette case" in refused.content.decode()
        assert kept.status_code == 302
        assert not FundingRight.objects.get().granted

    def test_the_same_form_sent_twice_enrols_once(self, client_for, a_key):
        adviser, version = factories.an_adviser(), a_version()
        browser = client_for(adviser.user)

        answers = [browser.post(f"/inscriptions/{version.pk}/", {"idempotency_key": a_key}) for _ in range(2)]

        assert [answer.status_code for answer in answers] == [302, 302]
        assert Enrolment.objects.count() == 1

    def test_is_not_there_for_someone_who_is_no_adviser(self, client_for):
        assert (
            client_for(factories.a_user("auditor")).get(f"/inscriptions/{a_version().pk}/").status_code == 404
        )
