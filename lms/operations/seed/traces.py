"""What other systems send to the record store of the demonstration, and where it sends."""

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings

from courses import api as courses

from . import people, story

BATCH = 500
OUTSIDE = "https://outil-auteur.exemple.invalid"
# What the authoring tool calls people and things that nobody here knows.
STRANGERS: tuple[dict[str, Any], ...] = (
    {"mbox": "mailto:alix.inconnu@exemple.invalid"},
    {"account": {"homePage": OUTSIDE, "name": "apprenant-17"}},
    {"account": {"homePage": OUTSIDE, "name": "apprenant-23"}},
)
UNKNOWN_ACTIVITIES = (
    (f"{OUTSIDE}/modules/messagerie", "Envoyer un premier message"),
    (f"{OUTSIDE}/modules/mots-de-passe", "Choisir ses mots de passe"),
)


def connect(cast: people.Cast, statements: int) -> list[dict[str, Any]]:
    """A key for the first organisation and all that came with it; a store that receives, stopped. The keys."""
    manager, organisation = cast.who("organisation_manager"), cast.training[0]
    key, secret = courses.create_lrs_key(
        organisation=organisation,
        scopes=["statements/write", "statements/read"],
        name="Outil auteur (démonstration)",
        actor=manager,
        at=story.at(cast.day, 1),
    )
    now = story.at(cast.day, 2)
    for offset in range(0, statements, BATCH):
        batch = [_of_adviser(cast, n, now) for n in range(offset, min(offset + BATCH, statements))]
        courses.ingest(raw=json.dumps(batch).encode(), credential=key, at=now)
    courses.ingest(raw=json.dumps(_of_strangers(now)).encode(), credential=key, at=now)
    store = courses.create_external_store(
        code="observatoire-fictif",
        name="Observatoire régional (démonstration)",
        endpoint="https://observatoire.exemple.invalid/xapi/",
        key="demonstration",
        secret="fictif",  # noqa: S106  (of no system: the store is stopped)
        organisation=organisation,
        classes=["E1", "E2"],
        actor=manager,
        at=now,
    )
    courses.set_external_store_active(store_id=store.pk, active=False, actor=manager, at=now)
    return [
        {"key": key.key, "secret": secret, "scopes": key.scopes.split(), "organisation": organisation.name}
    ]


def _of_adviser(cast: people.Cast, number: int, now: datetime) -> dict[str, Any]:
    adviser, resource = cast.advisers[number % len(cast.advisers)], number % 97
    home = settings.LMS_PUBLIC_URL
    return {
        "id": str(uuid5(NAMESPACE_URL, f"demo-statement-{number}")),
        "actor": {"objectType": "Agent", "account": {"homePage": home, "name": str(adviser.user.public_id)}},
        "verb": {"id": "http://adlnet.gov/expapi/verbs/experienced", "display": {"fr": "a consulté"}},
        "object": {
            "id": f"{home}/xapi/demonstration/ressources/{resource}",
            "definition": {"name": {"fr": f"Ressource fictive n°\u00a0{resource}"}},
        },
        "timestamp": (now - timedelta(minutes=number % 100_000)).isoformat(),
    }


def _of_strangers(now: datetime) -> list[dict[str, Any]]:
    """Each stranger achieves each activity."""
    return [
        {
            "id": str(uuid5(NAMESPACE_URL, f"demo-stranger-{rank}-{iri}")),
            "actor": {"objectType": "Agent", **actor},
            "verb": {"id": courses.VERBS["completed"].iri, "display": {"fr": "a achevé"}},
            "object": {"id": iri, "definition": {"name": {"fr": name}}},
            "timestamp": (now - timedelta(minutes=10 * rank)).isoformat(),
        }
        for rank, actor in enumerate(STRANGERS)
        for iri, name in UNKNOWN_ACTIVITIES
    ]
