"""An adviser says what he needs; those who teach him know it, and nobody else, and never why."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from courses import api
from courses.models import Accommodation, AuditEntry
from courses.shared.errors import AccessDeniedError, ConflictError
from tests import factories
from tests.world import MONDAY, Line, Organisation

pytestmark = pytest.mark.django_db


def declare(adviser, **values):
    given = {"kind": "extra_time", "detail": "un tiers de temps", "start": MONDAY, **values}
    return api.declare_accommodation(adviser=adviser, actor=adviser.user, at=factories.NOON, **given)


class TestDeclaring:
    def test_it_is_a_period_and_the_trail_keeps_that_it_happened_not_what(self):
        need = declare(factories.an_adviser())

        entry = AuditEntry.objects.get(action="people.accommodation.declare")
        assert (need.start, need.end, str(need)) == (MONDAY, None, "Temps majoré")
        assert entry.object_seal == need.seal
        assert "tiers" not in entry.after + entry.reason

    def test_the_same_need_at_the_same_time_is_refused(self):
        adviser = factories.an_adviser()
        declare(adviser)

        with pytest.raises(ConflictError, match="déjà déclaré"):
            declare(adviser)

    def test_nobody_declares_for_another(self):
        adviser = factories.an_adviser()

        with pytest.raises(AccessDeniedError):
            api.declare_accommodation(
                adviser=adviser, kind="breaks", start=MONDAY, actor=factories.a_user(), at=factories.NOON
            )

    def test_ending_is_a_new_row_and_the_former_one_stays(self):
        adviser = factories.an_adviser()
        need = declare(adviser)

        ended = api.end_accommodation(
            accommodation_id=need.pk, end=MONDAY + timedelta(days=9), actor=adviser.user, at=factories.NOON
        )

        assert Accommodation.objects.count() == 2
        assert list(Accommodation.objects.known()) == [ended]
        assert ended.end == MONDAY + timedelta(days=9)
        assert AuditEntry.objects.filter(action="people.accommodation.end").count() == 1

    def test_it_does_not_end_before_it_begins_nor_twice(self):
        adviser = factories.an_adviser()
        need = declare(adviser)
        end = {"actor": adviser.user, "at": factories.NOON}

        with pytest.raises(ConflictError, match="précéder"):
            api.end_accommodation(accommodation_id=need.pk, end=MONDAY - timedelta(days=1), **end)
        done = api.end_accommodation(accommodation_id=need.pk, end=MONDAY, **end)
        with pytest.raises(ConflictError, match="déjà terminé"):
            api.end_accommodation(accommodation_id=done.pk, end=MONDAY, **end)


class TestWhoKnows:
    def test_those_who_teach_or_manage_where_he_is_enrolled_and_himself(self):
        organisation = Organisation()
        line = Line(organisation, until="train")
        need = declare(line.adviser)

        for user in (line.adviser.user, line.trainer, organisation.manager):
            assert list(api.accommodations_visible_to(user)) == [need], user
        for user in (
            Organisation().manager,
            organisation.host_manager,
            organisation.author,
            organisation.tutor,
            factories.a_user("auditor"),
            factories.an_adviser().user,
        ):
            assert not api.accommodations_visible_to(user).exists(), user

    def test_the_session_page_tells_the_kind_and_the_useful_detail(self, client_for):
        organisation = Organisation()
        line = Line(organisation, until="train")
        declare(line.adviser)
        url = reverse("session", args=[line.session.public_id])

        for user in (line.trainer, organisation.manager):
            html = client_for(user).get(url).content.decode()
            assert "Temps majoré" in html
            assert "un tiers de temps" in html
        for user in (organisation.author, factories.a_user("auditor")):
            answer = client_for(user).get(url)
            assert answer.status_code == 200
            assert "Temps majoré" not in answer.content.decode()

    def test_what_is_over_by_then_is_not_told(self, client_for):
        line = Line(Organisation(), until="train")
        declare(line.adviser, start=MONDAY - timedelta(days=30), end=MONDAY - timedelta(days=1))

        html = (
            client_for(line.trainer).get(reverse("session", args=[line.session.public_id])).content.decode()
        )

        assert "Temps majoré" not in html


class TestScreens:
    def test_he_declares_and_ends_it_on_his_own_pages(self, client_for):
        adviser = factories.an_adviser()
        client = client_for(adviser.user)
        sent = {
            "kind": "sign_language",
            "detail": "",
            "start": "2026-01-05",
            "end": "",
            "idempotency_key": str(uuid4()),
        }

        first = client.post(reverse("accommodation_new"), sent)
        again = client.post(reverse("accommodation_new"), sent)

        need = Accommodation.objects.get()
        assert (first.status_code, again.status_code) == (302, 302)
        assert "Interprète en langue des signes" in client.get(reverse("my_record")).content.decode()
        end = reverse("accommodation_end", args=[need.pk])
        assert client.get(end).status_code == 200
        assert client.post(end, {"end": "2026-01-06", "idempotency_key": str(uuid4())}).status_code == 302
        assert Accommodation.objects.known().get().end.isoformat() == "2026-01-06"

    @pytest.mark.parametrize(
        ("sent", "said"),
        [
            ({"kind": "extra_time", "start": "31/31/2026"}, "Saisissez une date valide"),
            ({"kind": "extra_time", "start": ""}, "À partir du"),
            ({"kind": "inconnu", "start": "2026-01-05"}, "choix"),
            ({"kind": "extra_time", "start": "2026-01-05", "detail": "x" * 201}, "200"),
        ],
    )
    def test_a_broken_form_is_told_in_a_sentence(self, client_for, sent, said):
        client = client_for(factories.an_adviser().user)

        answer = client.post(reverse("accommodation_new"), {**sent, "idempotency_key": str(uuid4())})

        assert answer.status_code == 422
        assert said in answer.content.decode()
        assert not Accommodation.objects.exists()

    def test_an_end_before_its_start_is_a_refusal_tied_to_its_field(self, client_for):
        client = client_for(factories.an_adviser().user)
        sent = {"kind": "breaks", "start": "2026-02-01", "end": "2026-01-01", "idempotency_key": str(uuid4())}

        answer = client.post(reverse("accommodation_new"), sent)

        assert answer.status_code == 409
        assert "La fin ne peut pas précéder le début." in answer.content.decode()

    def test_the_need_of_another_is_not_found(self, client_for):
        need = declare(factories.an_adviser())

        answer = client_for(factories.an_adviser().user).get(reverse("accommodation_end", args=[need.pk]))

        assert answer.status_code == 404
