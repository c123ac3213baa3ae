"""Every route × role × owner answers as the written policy says (INV-35); a route without a row fails.

`lms/policy.csv` is written by hand. A cell is the widest owner whose object a role may reach through a route:
`-` nobody’s, `own` one’s own, `org` those of one’s organisation (or structure, or département), `all` everybody’s.
"""

import csv
import inspect
import json
from datetime import time, timedelta
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import transaction
from django.urls import get_resolver, reverse

from cms.models import PathPage
from courses import api as courses
from courses.models import Committee, DeadLetter, QuarantineEntry, Statement, XapiActor
from courses.shared import clock, documents
from lms.exchange.models import PackRequest
from lms.operations.routes import endpoints
from tests import factories
from tests.responses import let_go
from tests.world import MONDAY, Line, Organisation

WIDTH = {"-": 0, "own": 1, "org": 2, "all": 3}
OWNERS = ("own", "org", "all")
EDITOR = "administration/*"
# Routes reached by programs with their own key, and pages whose object is in the public domain.
UNTRIED = {"wagtail_serve", "wagtaildocs_serve", "image"} | {
    f"{base}_{resource}"
    for base in ("xapi", "xapi1")
    for resource in (
        "about", "activities", "activity_profile", "agent_profile", "agents", "state", "statements",
    )
}  # fmt: skip

ARGUMENTS = {
    "accommodation_end": lambda x, _: [x.accommodation.pk],
    "share": lambda x, _: [x.share_token],
    "share_stop": lambda x, _: [x.share.public_id],
    "session_calendar": lambda x, _: [x.session.public_id],
    "print_module": lambda x, _: [x.enrolment.registration, x.module.public_id],
    "lesson_place": lambda x, _: [x.enrolment.registration, x.activities["lesson"].public_id],
    "audit_pack_download": lambda x, role: [x.packs[role].public_id],
    "audit_pack_progress": lambda x, role: [x.packs[role].public_id],
    "audit_pack_request": lambda x, role: [x.packs[role].public_id],
    "attest_placement": lambda x, _: [x.enrolment.registration, x.activities["placement"].public_id],
    "appoint_member": lambda x, _: [x.exam_session.public_id],
    "certificate": lambda x, _: [x.certificate.public_id],
    "certificate_document": lambda x, _: [x.certificate.public_id],
    "claim": lambda x, _: [x.claim_row.public_id],
    "claim_cancel": lambda x, _: [x.claim_row.public_id],
    "claim_certify": lambda x, _: [x.claim_row.public_id],
    "claim_lines": lambda x, _: [x.claim_row.public_id],
    "claim_pay": lambda x, _: [x.claim_row.public_id],
    "claim_proof": lambda x, _: [x.claim_row.public_id, x.claim_row.lines.first().pk],
    "claim_return": lambda x, _: [x.claim_row.public_id],
    "claim_submit": lambda x, _: [x.claim_row.public_id],
    "close_report": lambda x, _: [x.exam_session.public_id],
    "close_sheet": lambda x, _: [x.open_sheet.public_id],
    "committee": lambda x, _: [Committee.objects.earliest("pk").code],
    "dead_letter": lambda x, _: [x.letter.pk],
    "dead_letter_drop": lambda x, _: [x.letter.pk],
    "dead_letter_replay": lambda x, _: [x.letter.pk],
    "dead_letters": lambda x, _: [x.letter.store_id],
    "dead_letters_export": lambda x, _: [x.letter.store_id],
    "dead_letters_replay": lambda x, _: [x.letter.store_id],
    "declare_conflict": lambda x, _: [x.sitting.public_id],
    "download_credential": lambda x, _: [x.credential.public_id],
    "enrol": lambda x, _: [x.organisation.version.pk],
    "enrolment": lambda x, _: [x.enrolment.registration],
    "exam_session": lambda x, _: [x.exam_session.public_id],
    "external_store_edit": lambda x, _: [x.letter.store_id],
    "external_store_start": lambda x, _: [x.letter.store_id],
    "external_store_stop": lambda x, _: [x.letter.store_id],
    "fact": lambda x, _: ["courses.evidence", x.evidence.pk],
    "give_opinion": lambda x, _: [x.sitting.public_id],
    "host_adviser": lambda x, _: [x.adviser.number],
    "jury_report": lambda x, _: [x.exam_session.public_id],
    "lesson": lambda x, _: [x.enrolment.registration, x.activities["lesson"].public_id],
    "lrs_key": lambda x, _: [x.lrs_key.key],
    "lrs_key_revoke": lambda x, _: [x.lrs_key.key],
    "mark_absence": lambda x, _: [x.open_sheet.public_id, x.open_sheet.marks.get().pk],
    "open_sheet": lambda x, _: [x.session.public_id],
    "path_impact": lambda x, _: [PathPage.objects.get(version=x.organisation.version).pk],
    "person": lambda x, _: [x.adviser.number],
    "quarantine_attach": lambda x, _: [x.unknown.pk],
    "quarantine_entry": lambda x, _: [x.unknown.pk],
    "quarantine_ignore": lambda x, _: [x.unknown.pk],
    "quarantine_reopen": lambda x, _: [x.unknown.pk],
    "quiz": lambda x, _: [x.enrolment.registration, x.activities["quiz"].public_id],
    "quiz_result": lambda x, _: [x.enrolment.registration, x.quiz.activity.public_id, x.attempt.public_id],
    "register_learners": lambda x, _: [x.session.public_id],
    "revoke_credential": lambda x, _: [x.credential.public_id],
    "satisfaction_module": lambda x, _: [x.module.public_id],
    "session": lambda x, _: [x.session.public_id],
    "sheet": lambda x, _: [x.open_sheet.public_id],
    "sheet_code": lambda x, _: [x.open_sheet.public_id],
    "sheet_state": lambda x, _: [x.open_sheet.public_id],
    "sign_as_trainer": lambda x, _: [x.open_sheet.public_id],
    "sign_decision": lambda x, _: [x.sitting.public_id],
    "sign_sheet": lambda x, _: [x.open_sheet.public_id],
    "sitting": lambda x, _: [x.sitting.public_id],
    "statement_json": lambda x, _: [x.trace],
    "statement_view": lambda x, _: [x.trace],
    "statement_void": lambda x, _: [x.trace],
    "summon_candidate": lambda x, _: [x.exam_session.public_id],
    "survey": lambda x, _: [x.enrolment.registration, x.module.public_id],
    "validate_report": lambda x, _: [x.exam_session.public_id],
    "version_offer": lambda x, _: [x.enrolment.registration],
    "verify_code": lambda x, _: [x.credential.code],
}


def policy_rows():
    with (settings.LMS_SOURCE_DIR / "lms" / "policy.csv").open(encoding="utf-8") as file:
        return {row["route"]: row for row in csv.DictReader(file, delimiter=";")}


ROWS = policy_rows()
ROLES = [name for name in next(iter(ROWS.values())) if name not in {"route", "policy"}]


WITH_OBJECT = {endpoint.name for endpoint in endpoints() if "<" in endpoint.path}


def the_editors(name):
    return name.startswith("wagtail") and name not in UNTRIED


class TestTheTable:
    def test_every_route_has_a_row_and_every_row_a_route(self):
        routes = {
            endpoint.name for endpoint in endpoints() if not the_editors(endpoint.name) and endpoint.name
        }

        assert routes - set(ROWS) == set()
        assert set(ROWS) - routes - {EDITOR} == set()

    def test_every_row_names_the_policy_of_its_route(self):
        wrong = {
            endpoint.name: (endpoint.policy, ROWS[endpoint.name]["policy"])
            for endpoint in endpoints()
            if endpoint.name in ROWS and endpoint.policy != ROWS[endpoint.name]["policy"]
        }

        assert wrong == {}

    def test_every_cell_is_one_of_the_four_words(self):
        assert {cell for row in ROWS.values() for name, cell in row.items() if name in ROLES} <= set(WIDTH)

    def test_every_route_of_the_editor_has_its_policy(self):
        policies = {
            endpoint.policy for endpoint in endpoints() if endpoint.path.startswith("/administration/")
        }

        assert policies <= {"cms.edit", "public"}

    def test_nothing_but_the_reviewed_list_is_public(self):
        """A reviewed snapshot (R-01): adding a name here is a decision."""
        public = {
            e.name for e in endpoints() if e.policy == "public" and not e.path.startswith("/administration/")
        }

        assert public == {
            "accessibility", "catalogue_file", "contact", "image", "jwks", "legal-notice", "live", "login",
            "personal-data", "ready", "security_txt", "share", "site-plan", "verify", "verify_code", "wagtail_serve",
            "wagtaildocs_serve",
        }  # fmt: skip


@pytest.fixture
def world(db):
    """One’s own line, another of the same organisation, one of another; and one person of each role."""
    home, abroad = Organisation("46"), Organisation("05")
    lines = {"own": Line(home), "org": Line(home), "all": Line(abroad)}
    for line in lines.values():
        line.evidence = line.enrolment.evidence.filter(kind="presence").get()
        line.open_sheet = courses.open_sheet(
            session=line.session,
            day=MONDAY + timedelta(days=1),
            half_day="morning",
            starts=time(9),
            ends=time(12),
            actor=line.trainer,
            at=line.sheet.starts_at + timedelta(days=1),
        )
        training = line.organisation.training
        line.lrs_key, _ = courses.create_lrs_key(
            organisation=training, scopes=[], actor=line.organisation.manager, at=factories.NOON
        )
        line.trace = a_trace(line.lrs_key)
        stranger = XapiActor.objects.create(ifi=f"mailto:{line.adviser.number}@exemple.invalid")
        line.unknown = QuarantineEntry.objects.create(
            organisation=training, actor=stranger, first_seen_at=factories.NOON
        )
        line.accommodation = courses.declare_accommodation(
            adviser=line.adviser, kind="breaks", start=MONDAY, actor=line.adviser.user, at=factories.NOON
        )
        line.share, line.share_token = courses.create_share(
            adviser=line.adviser,
            label="Fictif",
            scopes=["hours"],
            days=90,
            actor=line.adviser.user,
            at=clock.now(),
        )
        line.letter = a_dead_letter(training, f"magasin-{line.adviser.number}")
    mine = lines["own"]
    people = {
        "anonymous": None,
        "adviser": mine.adviser.user,
        "trainer": mine.trainer,
        "placement_tutor": home.tutor,
        "organisation_manager": home.manager,
        "author": home.author,
        "jury_member": mine.jury[0],
        "host_manager": home.host_manager,
        "prefect": factories.a_user("prefect", departement_code="46"),
    }
    for role in set(ROLES) - set(people):
        people[role] = factories.a_user(role)
    for line in lines.values():
        # A pack is bound to its requester: « own » is the role’s own, the others are a stranger’s.
        stranger = factories.a_user("auditor")
        line.packs = {role: a_pack(people[role] if line is mine else stranger) for role in people}
    courses.drain()
    return lines, people


def a_dead_letter(organisation, code):
    store = courses.create_external_store(
        code=code,
        name="Magasin fictif",
        endpoint="https://traces.exemple.invalid/",
        key="cle",
        secret="secret fictif",
        organisation=organisation,
        actor=factories.root(),
        at=factories.NOON,
    )
    statement = Statement.objects.earliest("seq")
    return DeadLetter.objects.create(
        store=store, statement=statement, status=400, cause="Essai.", at=factories.NOON
    )


def a_trace(key):
    """One statement that another system sent."""
    body = {
        "actor": {"mbox": "mailto:dominique@exemple.invalid"},
        "verb": {"id": "http://adlnet.gov/expapi/verbs/completed"},
        "object": {"id": "https://ailleurs.example/lecon"},
    }
    (uuid,) = courses.ingest(raw=json.dumps(body).encode(), credential=key, at=factories.NOON)
    return uuid


def a_pack(requester):
    return PackRequest.objects.create(
        requester=requester or factories.root(),
        as_of=MONDAY,
        known_at=factories.NOON,
        asked_at=clock.now(),
        made_at=clock.now(),
        file=documents.store(b"archive", "application/zip", clock.now()),
        report="{}",
        expires_at=clock.now() + timedelta(hours=24),
    )


def reached(client, route, arguments):
    """Whether the role gets in: anything but « not found », « forbidden » and the way to the sign-in page."""
    url = reverse(route, args=arguments)
    with transaction.atomic():
        response = client.get(url)
        if response.status_code == 405:
            response = client.post(url, {"idempotency_key": str(uuid4())})
        transaction.set_rollback(True)
    let_go(response)
    assert response.status_code < 500, f"{route}: {response.status_code}"
    if response.status_code == 302 and response["Location"].startswith("/connexion/"):
        return False
    return response.status_code not in {403, 404}


def tried(client, route, role, lines, written):
    """The owners for whom the answer differs from the cell."""
    differing = []
    for owner in OWNERS:
        got = reached(client, route, ARGUMENTS[route](lines[owner], role))
        if got != (WIDTH[written] >= WIDTH[owner]):
            differing.append(
                f"{route} × {role} × {owner}: written {written}, {'reached' if got else 'refused'}"
            )
    return differing


@pytest.mark.django_db
class TestTheMatrix:
    def test_every_answer_equals_the_written_policy(self, world, client_for):
        lines, people = world
        wrong = []
        for role in ROLES:
            client = client_for(people[role])
            for route, row in ROWS.items():
                if route in UNTRIED or route == EDITOR:
                    continue
                allowed = WIDTH[row[role]]
                if route == "logout":
                    # Signing out works, and drops the cookie: another browser for it.
                    if reached(client_for(people[role]), route, []) != bool(allowed):
                        wrong.append(f"{route} × {role}")
                elif route not in ARGUMENTS:
                    if route in WITH_OBJECT:
                        wrong.append(f"{route}: no object to try it on")
                    elif reached(client, route, []) != bool(allowed):
                        wrong.append(f"{route} × {role}: written {row[role]}")
                else:
                    wrong += tried(client, route, role, lines, row[role])

        assert not wrong, "\n".join(wrong)

    def test_the_editor_opens_to_those_who_author_only(self, world, client_for):
        _, people = world
        for role in ROLES:
            got = reached(client_for(people[role]), "wagtailadmin_home", [])

            assert got == (ROWS[EDITOR][role] != "-"), role


# Forms that change nothing that is counted: signing in and out.
HARMLESS_POSTS = {"login", "logout"}


def takes_posts(view):
    source = inspect.getsource(inspect.unwrap(view))
    return "request.POST" in source or 'method == "POST"' in source or "require_POST" in source


class TestIdempotency:
    def test_every_form_that_enrols_signs_decides_claims_or_pays_acts_once(self):
        """R-30: a view that takes a POST keeps its answer under the key drawn with the page."""
        forgetful = {
            pattern.name
            for pattern in our_patterns(get_resolver())
            if takes_posts(pattern.callback) and not getattr(pattern.callback, "idempotent", False)
        }

        assert forgetful - HARMLESS_POSTS == set()


def our_patterns(resolver):
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns"):
            if not str(pattern.pattern).startswith("administration/"):
                yield from our_patterns(pattern)
        elif pattern.callback.__module__.split(".")[0] in {"courses", "certification", "cms", "lms"}:
            yield pattern
