"""A link shows what was chosen, to who holds it, until it ends; then one sentence."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from courses import api
from courses.models import AuditEntry, RecordShare
from courses.shared import clock
from courses.shared.errors import AccessDeniedError, DomainError
from tests import factories
from tests.world import Line, Organisation

pytestmark = pytest.mark.django_db
OVER = "Il n’existe pas, il a pris fin, ou la personne qui l’a créé l’a arrêté."


def give(adviser, *, scopes=("hours", "paths", "credentials"), days=7, at=None):
    return api.create_share(
        adviser=adviser, label="Un recruteur fictif", scopes=scopes, days=days, actor=adviser.user, at=at or clock.now()
    )  # fmt: skip


def page(client_for, token):
    return client_for().get(reverse("share", args=[token]))


class TestGiving:
    def test_only_the_hash_of_a_long_random_token_is_kept(self):
        share, token = give(factories.an_adviser())

        assert len(token) >= 43  # 256 bits
        assert token not in "".join(str(value) for value in vars(share).values())
        assert share.token_hash != token
        assert api.share_of(token) == share

    def test_making_and_stopping_are_audited_without_the_token(self):
        adviser = factories.an_adviser()
        share, token = give(adviser)
        api.revoke_share(share_id=share.pk, actor=adviser.user, at=clock.now())
        api.revoke_share(share_id=share.pk, actor=adviser.user, at=clock.now())

        entries = list(AuditEntry.objects.filter(action__startswith="people.share").order_by("pk"))
        assert [entry.action for entry in entries] == ["people.share.create", "people.share.revoke"]
        assert all(token not in entry.after for entry in entries)

    @pytest.mark.parametrize(
        "wrong", [{"scopes": ()}, {"scopes": ("hours", "scores")}, {"days": 365}, {"days": 0}]
    )
    def test_what_may_not_be_shared_is_refused(self, wrong):
        with pytest.raises(DomainError):
            give(factories.an_adviser(), **wrong)

    def test_nobody_shares_nor_stops_for_another(self):
        adviser, other = factories.an_adviser(), factories.a_user()
        share, _ = give(adviser)

        with pytest.raises(AccessDeniedError):
            api.create_share(
                adviser=adviser, label="X", scopes=["hours"], days=7, actor=other, at=clock.now()
            )
        with pytest.raises(AccessDeniedError):
            api.revoke_share(share_id=share.pk, actor=other, at=clock.now())


class TestReading:
    def test_each_part_is_shown_only_when_chosen(self, client_for):
        line = Line(Organisation())
        parts = {
            "hours": "Heures de formation prouvées par année",
            "paths": "Parcours et modules suivis",
            "credentials": "vérifier cette attestation",
        }
        for chosen in parts:
            _, token = give(line.adviser, scopes=[chosen])
            html = page(client_for, token).content.decode()
            assert {scope for scope, words in parts.items() if words in html} == {chosen}

    def test_hours_are_not_told_by_the_paths(self, client_for):
        line = Line(Organisation())
        _, token = give(line.adviser, scopes=["paths"])

        assert "Durée prouvée" not in page(client_for, token).content.decode()

    def test_nothing_else_of_the_person_is_there(self, client_for):
        line = Line(Organisation())
        user = line.adviser.user
        user.email = "camille@exemple.invalid"
        user.save()
        _, token = give(line.adviser)

        html = page(client_for, token).content.decode()

        assert str(line.adviser) in html
        for hidden in (
            "camille@exemple.invalid",
            user.username,
            "1990",
            "100\u00a0%",
            "512",
            str(user.public_id),
        ):
            assert hidden not in html

    def test_no_search_engine_no_copy_no_address_passed_on(self, client_for):
        _, token = give(factories.an_adviser())

        for answer in (page(client_for, token), page(client_for, "inconnu")):
            assert answer["X-Robots-Tag"] == "noindex, nofollow"
            assert answer["Cache-Control"] == "no-store"
            assert answer["Referrer-Policy"] == "no-referrer"
            assert '<meta name="referrer" content="no-referrer">' in answer.content.decode()

    def test_ended_stopped_and_unknown_say_the_same_sentence(self, client_for):
        adviser = factories.an_adviser()
        _, ended = give(adviser, at=clock.now() - timedelta(days=8))
        share, stopped = give(adviser)
        api.revoke_share(share_id=share.pk, actor=adviser.user, at=clock.now())
        erased_share, erased = give(adviser)
        erased_share.delete()

        answers = {name: page(client_for, token) for name, token in {
            "ended": ended, "stopped": stopped, "erased": erased, "unknown": "x" * 43, "long": "y" * 5_000,
        }.items()}  # fmt: skip

        assert {name: answer.status_code for name, answer in answers.items()} == {
            "ended": 410, "stopped": 410, "erased": 404, "unknown": 404, "long": 404,
        }  # fmt: skip
        assert all(OVER in answer.content.decode() for answer in answers.values())
        assert all(str(adviser) not in answer.content.decode() for answer in answers.values())

    def test_it_stops_at_the_very_instant(self, client_for):
        share, token = give(factories.an_adviser())

        with clock.travel(share.expires_at - timedelta(seconds=1)):
            assert page(client_for, token).status_code == 200
        with clock.travel(share.expires_at):
            assert page(client_for, token).status_code == 410

    def test_a_reading_is_noted_once_a_minute_at_most_and_not_when_the_holder_reads(self, client_for):
        adviser = factories.an_adviser()
        share, token = give(adviser)
        client_for(adviser.user).get(reverse("share", args=[token]))
        share.refresh_from_db()
        assert share.last_read_at is None
        start = clock.now()

        for seconds, noted in ((0, 0), (30, 0), (61, 61)):
            with clock.travel(start + timedelta(seconds=seconds)):
                page(client_for, token)
            share.refresh_from_db()
            assert share.last_read_at == start + timedelta(seconds=noted)

    def test_it_only_reads(self, client_for):
        _, token = give(factories.an_adviser())

        assert client_for().post(reverse("share", args=[token])).status_code == 405


class TestScreens:
    def test_the_address_is_shown_once(self, client_for):
        adviser = factories.an_adviser()
        client = client_for(adviser.user)
        sent = {"label": "Ma structure", "scopes": ["paths"], "days": "30", "idempotency_key": str(uuid4())}

        made = client.post(reverse("my_shares"), sent)
        again = client.post(reverse("my_shares"), sent, follow=True)

        share = RecordShare.objects.get()
        url = made.context["url"]
        assert made.status_code == 201
        assert url in made.content.decode()
        assert client_for().get(url).status_code == 200
        assert share.expires_at - share.created_at == timedelta(days=30)
        assert url not in again.content.decode()
        assert "n’a été montrée qu’une fois" in again.content.decode()

    def test_he_sees_his_links_and_stops_one_at_once(self, client_for):
        adviser = factories.an_adviser()
        share, token = give(adviser)
        page(client_for, token)
        client = client_for(adviser.user)
        stop = reverse("share_stop", args=[share.public_id])

        assert "Un recruteur fictif" in client.get(reverse("my_shares")).content.decode()
        assert client.get(stop).status_code == 200
        assert client.post(stop, {"idempotency_key": str(uuid4())}).status_code == 302

        assert page(client_for, token).status_code == 410
        assert "Arrêté" in client.get(reverse("my_shares")).content.decode()

    def test_the_link_of_another_is_not_found(self, client_for):
        share, _ = give(factories.an_adviser())
        stop = reverse("share_stop", args=[share.public_id])

        assert client_for(factories.an_adviser().user).get(stop).status_code == 404

    @pytest.mark.parametrize(
        "sent",
        [
            {"label": "", "scopes": ["paths"], "days": "30"},
            {"label": "X", "days": "30"},
            {"label": "X", "scopes": ["scores"], "days": "30"},
            {"label": "X", "scopes": ["paths"], "days": "3000"},
            {"label": "x" * 121, "scopes": ["paths"], "days": "30"},
        ],
    )
    def test_a_broken_form_makes_no_link(self, client_for, sent):
        client = client_for(factories.an_adviser().user)

        answer = client.post(reverse("my_shares"), {**sent, "idempotency_key": str(uuid4())})

        assert answer.status_code == 422
        assert "fr-message--error" in answer.content.decode() or "fr-error-text" in answer.content.decode()
        assert not RecordShare.objects.exists()
