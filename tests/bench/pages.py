"""PAGES: the public site as it is served: a page given from the cache, the catalogue made anew, the weight of a lesson.

`python -m tests.bench.pages JOB` runs inside an instance, as `inside.py` does, and prints one line of JSON.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from tests.environment import ROOT

from .clients import Line, together
from .driving import Plan
from .instance import Instance, Server
from .report import Figure, Result, ratios

PATHS = 500
CLIENTS = 2
FIRST_VIEW_MS = 300
FIRST_KB, NEXT_KB = 350, 40
WORDS = (
    "accompagner", "atelier", "autonomie", "cybersécurité", "démarches", "données", "éloignement", "famille", "impôts",
    "inclusion", "messagerie", "médiation", "parentalité", "santé", "séniors", "smartphone", "tableur", "territoire",
)  # fmt: skip


def public_pages(plan: Plan) -> list[Result]:
    """On the embedded default: SQLite, one process of eight threads."""
    plan.say(f"a catalogue of {PATHS} paths")
    with Instance("") as site:
        facts = _inside(site, "prepare_pages")
        results = [*_cached(site, plan), *_catalogue(site, plan, facts)]
        return [*results, *_weights(site, plan, facts)]


def _cached(site: Instance, plan: Plan) -> list[Result]:
    """The anonymous page beside a view that does nothing, on the same server."""
    pages: list[float] = []
    plain: list[float] = []
    nothing: list[float] = []
    # Long enough that a neighbour's second does not decide.
    count = plan.requests * 50
    with site.serve() as server, site.serve_nothing() as floor:
        for number in range(plan.rounds + 1):
            plan.say(f"cached page, round {number}")
            for rates, where, target, packed in (
                (pages, server, "/catalogue/", True),
                (plain, server, "/catalogue/", False),
                (nothing, floor, "/noop", False),
            ):
                done = together(partial(_asking, where, target, packed, count), CLIENTS)
                rates.append(CLIENTS * count / done.wall)
    what = (
        "The catalogue to a stranger, from the cache, {}; beside a view that does nothing, without middleware"
    )
    return [
        Result(
            "PAGES", what.format(kind), Figure.of(found[1:], "req/s"), Figure.of(nothing[1:], "req/s"),
            ratios(found[1:], nothing[1:]), 0.6,
        )
        for kind, found in (("compressed", pages), ("not compressed", plain))
    ]  # fmt: skip


def _asking(server: Server, target: str, packed: bool, count: int, index: int) -> Callable[[], None]:
    encoding = "Accept-Encoding: gzip\r\n" if packed else ""
    request = f"GET {target} HTTP/1.1\r\nHost: localhost:{server.port}\r\n{encoding}\r\n".encode()
    line = Line(server.port)

    def go() -> None:
        for _ in range(count):
            line.ask(request)

    return go


def _catalogue(site: Instance, plan: Plan, facts: dict[str, Any]) -> list[Result]:
    """Made anew at each request (each address is another), by a process that has answered before."""
    found: dict[str, list[float]] = {"the whole": [], "a search with a slip of the finger": []}
    with site.serve() as server:
        line = Line(server.port)
        for number in range(plan.requests + 1):
            for what, target in (
                ("the whole", f"/catalogue/?n={number}"),
                (
                    "a search with a slip of the finger",
                    f"/catalogue/?q=cyberscurité&n={number}".replace("é", "%C3%A9"),
                ),
            ):
                started = time.monotonic()
                line.ask(f"GET {target} HTTP/1.1\r\nHost: localhost:{server.port}\r\n\r\n".encode())
                found[what].append((time.monotonic() - started) * 1000)
    limit = Figure.of([FIRST_VIEW_MS] * plan.requests, "ms")
    results = [
        Result(
            "PAGES", f"The catalogue of {PATHS} paths, {what}, not from the cache, warm; beside {FIRST_VIEW_MS} ms",
            Figure.of(values[1:], "ms"), limit, ratios(values[1:], limit.values), 1, at_most=True,
        )
        for what, values in found.items()
    ]  # fmt: skip
    rebuilt = Figure.of(facts["index_ms"], "ms")
    return [*results, Result("PAGES", f"Its index, built again for {PATHS} paths", rebuilt)]


def _weights(site: Instance, plan: Plan, facts: dict[str, Any]) -> list[Result]:
    """What a browser receives for a lesson without media, all files counted: then again, with what it kept."""
    from tests.browser import chromium

    if chromium.path() is None:
        plan.notes.append("No Chromium: the weight of pages was not measured.")
        return []
    plan.say("weights by a browser")
    with site.serve() as server, chromium.launched() as browser:
        origin = f"http://localhost:{server.port}"
        context = browser.new_context()
        context.add_cookies([{"name": "sessionid", "value": facts["session"], "url": origin}])
        page = context.new_page()
        network = context.new_cdp_session(page)
        received: list[float] = []
        network.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
        network.send("Network.enable")
        weights = []
        for target in (facts["lesson"], facts["lesson"], facts["next_lesson"]):
            received.clear()
            page.goto(origin + target, wait_until="networkidle")
            assert page.locator("h1").count() == 1, page.content()[:500]
            weights.append(sum(received) / 1024)
        context.close()
    lines = (
        ("first view, nothing kept", weights[0], FIRST_KB),
        ("the same again", weights[1], NEXT_KB),
        ("the next one", weights[2], NEXT_KB),
    )
    return [
        Result(
            "PAGES", f"A lesson without media, {what}: all that a browser receives; beside {limit} KB",
            Figure.of([weight], "KB"), Figure.of([limit], "KB"), ratios([weight], [limit]), 1, at_most=True,
        )
        for what, weight, limit in lines
    ]  # fmt: skip


def _inside(site: Instance, job: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.pages", job], env=site.env, cwd=ROOT, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"{job}:\n{done.stderr[-3000:]}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def prepare_pages() -> dict[str, Any]:
    """A large catalogue, and one adviser enrolled in a path of two lessons, signed in."""
    from importlib import import_module

    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from cms.pages.catalogue.index import Index
    from courses.shared import clock
    from tests import factories
    from tests.cms.world import PATH, Written

    # The instance has been given its own persons by another process: ours have other numbers.
    for _ in range(1000):
        next(factories._numbers)
    fill_catalogue(PATHS)
    index_ms = []
    for _ in range(5):
        started = time.monotonic()
        Index(clock.today())
        index_ms.append((time.monotonic() - started) * 1000)
    written = Written(_without_media(PATH))
    written.publish()
    enrolment = written.enrol()
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    user = enrolment.adviser.user
    session[SESSION_KEY] = user.pk
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    first, second = written.module.lessons
    return {
        "index_ms": index_ms,
        "session": session.session_key,
        "lesson": f"/parcours/{enrolment.registration}/{first.key}/",
        "next_lesson": f"/parcours/{enrolment.registration}/{second.key}/",
    }


def _without_media(spec: Any) -> Any:
    from dataclasses import replace

    module = spec.modules[0]
    bare = tuple(replace(lesson, image=None, video=None, download=None) for lesson in module.lessons)
    return replace(spec, modules=(replace(module, lessons=bare),))


def fill_catalogue(count: int) -> None:
    """Published paths of one module each, by the shortest way that gives true versions."""
    import random
    from uuid import uuid4

    from cms.api import open_space
    from cms.models import ModulePage, PathPage
    from courses import api
    from courses.api import Level, Mission, PathStructure, Theme
    from courses.shared import clock
    from tests.factories import a_training_organisation, root

    chance = random.Random(7)
    space = open_space(organisation := a_training_organisation())
    for number in range(count):
        title = f"{' '.join(chance.sample(WORDS, 3)).capitalize()} {number}"
        module = uuid4()
        structure = PathStructure(
            title=title,
            kind="continuing",
            objectives=(" ".join(chance.sample(WORDS, 5)),),
            minutes=420,
            modules=(
                api.ModuleStructure(
                    module, f"Module {title}", 420, competences=(" ".join(chance.sample(WORDS, 6)),),
                    activities=(api.ActivityStructure(uuid4(), "session", f"Séances {title}", 420),),
                ),
            ),
        )  # fmt: skip
        key = uuid4()
        version, _ = api.publish_path_version(
            organisation=organisation, path_public_id=key, structure=structure, actor=root(), at=clock.now()
        )
        page = PathPage(
            title=title, key=key, kind="continuing", version=version, live=True, objectives=title,
            theme=chance.choice(Theme.values), mission=chance.choice(Mission.values), level=chance.choice(Level.values),
        )  # fmt: skip
        space.add_child(instance=page)
        page.add_child(
            instance=ModulePage(
                title=title, key=module, minutes=420, taught_minutes=420, mode="remote", live=True
            )
        )


if __name__ == "__main__":
    import django

    django.setup()
    sys.stdout.write(json.dumps(globals()[sys.argv[1]]()) + "\n")
