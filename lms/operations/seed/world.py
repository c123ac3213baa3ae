"""The order of the demonstration."""

from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from django.conf import settings
from django.db import transaction

from certification import api as certification
from courses import api as courses
from courses.models import User

from . import opinions, people, story, traces
from .paths import publish_catalogue, publish_guides, publish_paths

FOUNDED_AT = datetime(2021, 4, 30, 10, 0, tzinfo=UTC)
COHORT = 6
LONGEST_STORY_DAYS = 230
CLAIM_AFTER_DAYS = 125


class AlreadySeeded(Exception):
    """The demonstration is there already."""


@transaction.atomic
def seed(*, advisers: int, organisations: int, statements: int, number: int, day: date) -> dict[str, Any]:
    """Make the world; returns what `seed_demo --json` prints."""
    if settings.LMS_MODE == "production":
        raise RuntimeError("The demonstration is never loaded in production.")
    if User.objects.exists():
        raise AlreadySeeded
    random = Random(number)  # noqa: S311  (a demonstration, not a secret)
    root = courses.create_user(
        username="systeme", first_name="Système", last_name="Démonstration", actor=None, at=FOUNDED_AT
    )
    courses.grant_role(user=root, role="administrator", start=FOUNDED_AT.date(), actor=None, at=FOUNDED_AT)
    certification.load_founding_figures(actor=root, at=FOUNDED_AT)
    start = day - timedelta(days=LONGEST_STORY_DAYS)
    cast = people.make_cast(
        root=root, day=day, at=story.at(start, 8), organisations=organisations, random=random
    )
    people.recruit(cast, advisers, start=start, at=story.at(start, 9))
    people.name_host_managers(cast, story.at(start, 9, 30))
    story.buy_training(cast, story.at(start, 10))
    versions = publish_paths(cast, story.at(start + timedelta(days=1)))
    publish_catalogue(cast, story.at(start + timedelta(days=1)))
    publish_guides(cast, story.at(start + timedelta(days=1)))
    _live(cast, versions, start, day)
    return _answer(cast, traces.connect(cast, statements))


def _live(cast: people.Cast, versions: dict[str, Any], start: date, day: date) -> None:
    initial, continuing = versions["parcours-initial"], versions["cybersecurite-du-quotidien"]
    pioneers = cast.advisers[:COHORT]
    first = story.Training(cast, initial, pioneers)
    first.enrol(story.at(start + timedelta(days=3)))
    missing_one = {pioneers[-1].pk: 1} if len(pioneers) == COHORT else {}
    taught = first.teach(start + timedelta(days=7), absences=missing_one)
    opinions.give(first, "during", story.at(taught))
    placed = first.place(taught)
    failing = frozenset(missing_one)
    first.read_and_answer(story.at(placed), failing=failing)
    done = placed + timedelta(days=3)
    first.certify_completion(story.at(done))
    opinions.give(first, "after", story.at(done + timedelta(days=1)), silent=1)
    story.certify(cast, first, done + timedelta(days=2))
    story.claim(cast, start, start + timedelta(days=30), done + timedelta(days=32), until="paid")
    story.claim(
        cast,
        start + timedelta(days=31),
        done + timedelta(days=30),
        done + timedelta(days=45),
        until="submitted",
    )
    if len(cast.advisers) >= 4:
        graduates = story.Training(cast, continuing, cast.advisers[1:4])
        graduates.enrol(story.at(day - timedelta(days=40)))
        held = next(story.working_days(day - timedelta(days=14)))
        graduates.teach(held)
        graduates.read_and_answer(story.at(held + timedelta(days=1), 14))
        graduates.certify_completion(story.at(held + timedelta(days=2)))
        opinions.give(graduates, "after", story.at(held + timedelta(days=3)))
    newcomers = story.Training(cast, initial, cast.advisers[COHORT : 2 * COHORT])
    if newcomers.advisers:
        newcomers.enrol(story.at(day - timedelta(days=12)))
        newcomers.teach(day - timedelta(days=11), half_days=4)
        opinions.give(newcomers, "during", story.at(day - timedelta(days=5)), silent=2)
    current = story.Training(cast, continuing, cast.advisers[:1])
    current.enrol(story.at(day - timedelta(days=7)))
    story.today_session(current, day)


def _answer(cast: people.Cast, keys: list[dict[str, Any]]) -> dict[str, Any]:
    structures = {a.pk: courses.host_structure_of(a, cast.day) for a in cast.advisers}
    return {
        "accounts": [account.as_dict() for account in cast.accounts],
        "organisations": [
            {"id": o.pk, "name": o.name, "kind": o.kind, "siret": o.siret} for o in cast.organisations
        ],
        "advisers": [
            {
                "id": adviser.number,
                "login": adviser.user.username,
                "first_name": adviser.user.first_name,
                "last_name": adviser.user.last_name,
                "email": adviser.user.email,
                "birth_date": adviser.birth_date.isoformat() if adviser.birth_date else None,
                "host_structure": structure.name if (structure := structures[adviser.pk]) else None,
            }
            for adviser in cast.advisers
        ],
        "lrs_keys": keys,
    }
