"""Statements that an adviser's day could give, of some 1.2 kB: 4 000 actors, ten verbs, 500 activities."""

from __future__ import annotations

import random
from dataclasses import dataclass
from uuid import UUID, uuid4

ACTORS = 4000
ACTIVITIES = 500
HOME = "https://formation.exemple.fr"
_ADL = "http://adlnet.gov/expapi/verbs/"
# Most traces of a course say that something was seen; a few say how it ended.
VERBS = [
    f"{_ADL}{name}"
    for name in (
        "experienced", "attempted", "initialized", "answered", "completed", "passed", "failed", "progressed",
        "interacted", "terminated",
    )
]  # fmt: skip
_WEIGHTS = [60, 6, 6, 8, 5, 4, 1, 4, 3, 3]
COMMON_VERB = VERBS[0]


@dataclass(frozen=True)
class Made:
    """One statement's text, and the numbers of what it names."""

    text: str
    uuid: UUID
    actor: int
    verb: int
    activity: int
    registration: UUID
    timestamp: str
    seconds: int


def actor_name(number: int) -> str:
    return f"7c9e6679-7425-40de-944b-{number:012d}"


def actor_json(number: int) -> str:
    """The agent, as a request's parameter gives it."""
    return f'{{"objectType":"Agent","account":{{"homePage":"{HOME}","name":"{actor_name(number)}"}}}}'


def activity_iri(number: int) -> str:
    return f"{HOME}/parcours/{number // 25}/modules/{number // 5}/activites/{number}"


def module_iri(number: int) -> str:
    return f"{HOME}/parcours/{number // 25}/modules/{number // 5}"


def path_iri(number: int) -> str:
    return f"{HOME}/parcours/{number // 25}"


def make(chance: random.Random, *, actor: int | None = None, verb: int | None = None) -> Made:
    """One more statement, drawn by `chance`."""
    actor = chance.randrange(ACTORS) if actor is None else actor
    verb = chance.choices(range(len(VERBS)), _WEIGHTS)[0] if verb is None else verb
    activity = chance.randrange(ACTIVITIES)
    uuid = uuid4()
    registration = UUID(int=(actor << 64) | (activity // 25 + 1), version=4)
    timestamp = (
        f"2026-{chance.randint(1, 9):02d}-{chance.randint(1, 28):02d}T{chance.randint(8, 18):02d}"
        f":{chance.randint(0, 59):02d}:{chance.randint(0, 59):02d}.{chance.randint(0, 999):03d}Z"
    )
    minutes, seconds = chance.randint(0, 40), chance.randint(0, 59)
    score = chance.randint(0, 100)
    text = (
        f'{{"id":"{uuid}","actor":{{"objectType":"Agent","name":"Conseillère {actor}","account":'
        f'{{"homePage":"{HOME}","name":"{actor_name(actor)}"}}}},"verb":{{"id":"{VERBS[verb]}","display":'
        f'{{"fr":"{VERBS[verb].rsplit("/", 1)[1]}"}}}},"object":{{"objectType":"Activity",'
        f'"id":"{activity_iri(activity)}",'
        f'"definition":{{"name":{{"fr":"Accompagner une démarche en ligne ({activity})"}},"description":{{"fr":'
        '"Repérer la difficulté d’une personne, choisir un service public en ligne et l’accompagner pas à pas."},'
        '"type":"http://adlnet.gov/expapi/activities/lesson"}},"result":{"score":'
        f'{{"scaled":{score / 100},"raw":{score},"min":0,"max":100}},"success":{"true" if score >= 50 else "false"},'
        f'"completion":true,"duration":"PT{minutes}M{seconds}S"}},"context":{{"registration":"{registration}",'
        '"platform":"Formation des conseillers","language":"fr","contextActivities":{"parent":[{"objectType":'
        f'"Activity","id":"{module_iri(activity)}"}}],"grouping":[{{"objectType":"Activity","id":'
        f'"{path_iri(activity)}"}}]}},"extensions":{{"{HOME}/extensions/poste":"{chance.randint(1, 900)}"}}}},'
        f'"timestamp":"{timestamp}"}}'
    )
    return Made(text, uuid, actor, verb, activity, registration, timestamp, minutes * 60 + seconds)


def batch(chance: random.Random, size: int, first_actor: int | None = None) -> bytes:
    """A JSON array; with `first_actor`, that actor and the next ones, so that a warm-up meets them all."""
    made = [
        make(chance, actor=None if first_actor is None else (first_actor + n) % ACTORS) for n in range(size)
    ]
    return f"[{','.join(one.text for one in made)}]".encode()
