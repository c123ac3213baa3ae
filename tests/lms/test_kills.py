"""Kill -9 of the web server and of the worker during a journey: nothing acknowledged is lost, nothing is done twice.

The instance is a real one, started by `manage.py serve`; its clients send an act again, with the same key, until it
is acknowledged, as a person does who sees the browser's error page.
"""

import base64
import contextlib
import http.client
import json
import os
import random
import re
import secrets
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.urls import reverse

from courses.models import QuizAttempt
from tests import environment
from tests.lms.kill_world import PASSWORD
from tests.world import Line, Organisation, right_answers

ROUNDS = 20
LEARNERS = 3
ACT_SECONDS = 60  # how long a client insists on one act
START_SECONDS = 90


# ---------------------------------------------------------------- the instance


class Instance:
    """A real one: its supervisor, its web server, its worker."""

    def __init__(self, env: dict[str, str]) -> None:
        self.env, self.port, self.var = env, int(env["PORT"]), Path(env["LMS_VAR_DIR"])
        self.log = (self.var / "serve.log").open("wb")

    def start(self) -> None:
        self.supervisor = subprocess.Popen(
            [sys.executable, "manage.py", "serve"],
            cwd=environment.ROOT, env=self.env, stdout=self.log, stderr=self.log, start_new_session=True,
        )  # fmt: skip
        self.wait_for("the site to answer", self.answers, START_SECONDS)

    def stop(self) -> None:
        """As Ctrl+C does; then nothing of ours may be left."""
        groups = [pid for pid in (self.pid("web"), self.pid("worker"), self.supervisor.pid) if pid]
        self.supervisor.terminate()
        try:
            self.supervisor.wait(30)
            left = [group for group in groups if alive(group)]
        finally:
            for group in groups:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(group, signal.SIGKILL)
            self.log.close()
        assert left == [], "processes outlive their supervisor"

    def kill(self, name: str) -> None:
        """The whole group, so that nobody says goodbye; back when the supervisor has started another."""
        killed = self.pid(name)
        os.killpg(killed, signal.SIGKILL)
        self.wait_for(f"another {name}", lambda: self.pid(name) not in {killed, 0}, 20)

    def pid(self, name: str) -> int:
        file = self.var / f"{name}.pid"
        return int((file.read_text() if file.exists() else "") or 0)

    def answers(self) -> bool:
        with (
            contextlib.suppress(OSError, http.client.HTTPException),
            contextlib.closing(http.client.HTTPConnection("localhost", self.port, timeout=10)) as connection,
        ):
            connection.request("GET", "/healthz/ready")
            with connection.getresponse() as answer:
                return answer.status == 200
        return False

    def wait_for(self, what: str, is_so: Callable[[], bool], seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while not is_so():
            assert self.supervisor.poll() is None, self.said()
            assert time.monotonic() < deadline, f"no {what} in {seconds} s\n{self.said()}"
            time.sleep(0.1)

    def said(self) -> str:
        return (self.var / "serve.log").read_text(errors="replace")[-3000:]

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *words],
            cwd=environment.ROOT, env=self.env, capture_output=True, text=True, timeout=300,
        )  # fmt: skip

    def ask(self, question: str) -> list[tuple]:
        database = sqlite3.connect(f"file:{self.var / 'lms.sqlite3'}?mode=ro", uri=True, timeout=30)
        with contextlib.closing(database):
            return database.execute(question).fetchall()


def alive(group: int) -> bool:
    """Whether a process of the group still runs; one that ended and waits for init to note it does not."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, _, its_group = stat.read_text().rpartition(")")[2].split()[:3]
            if int(its_group) == group and state not in {"Z", "X"}:
                return True
    return False


@pytest.fixture
def instance(embedded_instance: dict[str, str]) -> Iterator[Instance]:
    one = Instance(embedded_instance)
    filled = one.command("-m", "tests.lms.kill_world", str(LEARNERS))
    assert filled.returncode == 0, filled.stderr[-3000:]
    one.world = json.loads(filled.stdout.splitlines()[-1])
    one.start()
    try:
        yield one
    finally:
        one.stop()


# ---------------------------------------------------------------- the clients


class Browser:
    """Cookies, forms, and the patience to send again what got no answer."""

    def __init__(self, port: int) -> None:
        self.port, self.cookies = port, {}

    def send(self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None):
        """One answer, however many tries it takes; an act is acknowledged by nothing else."""
        deadline = time.monotonic() + ACT_SECONDS
        while True:
            try:
                return self.once(method, path, body, headers or {})
            except (OSError, http.client.HTTPException):
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)

    def once(self, method: str, path: str, body: bytes, headers: dict[str, str]):
        connection = http.client.HTTPConnection("localhost", self.port, timeout=30)
        with contextlib.closing(connection):
            cookies = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
            connection.request(method, path, body or None, headers | cookies)
            with connection.getresponse() as answer:
                text = answer.read().decode()
        if answer.status >= 500:
            raise http.client.HTTPException(f"{answer.status} {path}")
        for line in answer.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        return answer, text

    def post(self, path: str, fields: dict) -> str:
        """The address that acknowledges the act."""
        fields = {"csrfmiddlewaretoken": self.token, **fields}
        kind = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Origin": f"http://localhost:{self.port}",
        }
        answer, text = self.send("POST", path, urlencode(fields, doseq=True).encode(), kind)
        assert answer.status == 302, f"{path}: {answer.status} {text[-2000:]}"
        return answer.headers["Location"]

    def sign_in(self, username: str) -> None:
        self.look_at("/connexion/")
        assert self.post("/connexion/", {"username": username, "password": PASSWORD}) != "/connexion/"
        self.look_at("/certificats/")

    def look_at(self, path: str) -> None:
        answer, text = self.send("GET", path)
        assert answer.status == 200, f"{path}: {answer.status}"
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', text)
        self.token = token[1] if token else self.cookies.get("csrftoken", "")


class Journey:
    """Three clients at work at once; what each was told is kept here."""

    def __init__(self, instance: Instance) -> None:
        self.instance, self.world = instance, instance.world
        self.attempts: list[str] = []
        self.statements: list[str] = []
        self.certificates: list[str] = []
        self.claims: list[str] = []
        self.failures: list[BaseException] = []
        self.over = threading.Event()
        self.threads = [
            threading.Thread(target=self.live, args=[act]) for act in (self.learn, self.manage, self.report)
        ]

    def live(self, act: Callable[[], Iterator[None]]) -> None:
        try:
            for _ in act():
                if self.over.is_set():
                    return
        except BaseException as error:  # noqa: BLE001  (told to the test by its own thread)
            self.failures.append(error)

    def learn(self) -> Iterator[None]:
        """A learner hands in his quiz, again and again."""
        browser = Browser(self.instance.port)
        browser.sign_in(self.world["learner"])
        browser.look_at(self.world["quiz"])
        while True:
            answers = self.world["answers"] | {"idempotency_key": str(uuid4())}
            self.attempts.append(browser.post(self.world["quiz"], answers))
            yield

    def manage(self) -> Iterator[None]:
        """A manager issues each certificate, then builds, cancels and submits claims."""
        browser = Browser(self.instance.port)
        browser.sign_in(self.world["manager"])
        browser.look_at("/certificats/emettre/")
        for line in self.world["certificates"]:
            key = {"idempotency_key": str(uuid4())}
            self.certificates.append(browser.post("/certificats/emettre/", line | key))
            yield
        while True:
            claim = browser.post(
                "/demandes/nouvelle/", self.world["claim"] | {"idempotency_key": str(uuid4())}
            )
            self.claims.append(claim)
            yield
            browser.post(f"{claim}annuler/", {"idempotency_key": str(uuid4())})
            yield

    def report(self) -> Iterator[None]:
        """Another system sends its traces, under ids of its own."""
        browser = Browser(self.instance.port)
        basic = base64.b64encode(":".join(self.world["lrs"]).encode()).decode()
        headers = {
            "Authorization": f"Basic {basic}",
            "Content-Type": "application/json",
            "X-Experience-API-Version": "1.0.3",
        }
        while True:
            batch = [trace(str(uuid4())) for _ in range(3)]
            answer, text = browser.send("POST", "/xapi/statements", json.dumps(batch).encode(), headers)
            assert answer.status == 200, text
            self.statements += json.loads(text)
            yield

    def acknowledged(self) -> int:
        return len(self.attempts) + len(self.statements) + len(self.certificates) + len(self.claims)

    @contextlib.contextmanager
    def lived(self) -> Iterator[None]:
        for thread in self.threads:
            thread.start()
        try:
            yield
        finally:
            self.over.set()
            for thread in self.threads:
                thread.join(ACT_SECONDS + 30)
        assert not any(thread.is_alive() for thread in self.threads)


def trace(uuid: str) -> dict:
    return {
        "id": uuid,
        "actor": {"objectType": "Agent", "account": {"homePage": "https://of.example", "name": "42"}},
        "verb": {"id": "http://adlnet.gov/expapi/verbs/completed", "display": {"fr": "a achevé"}},
        "object": {"objectType": "Activity", "id": "https://of.example/module/1"},
        "timestamp": "2026-03-12T10:00:00Z",
    }


# ---------------------------------------------------------------- the proof


@pytest.mark.prove
def test_killed_at_random_points_nothing_is_lost_and_nothing_doubled(instance, proof_scale):
    seed = secrets.randbits(32)
    chance = random.Random(seed)
    before = instance.ask("SELECT count(*) FROM courses_quizattempt")[0][0]
    journey = Journey(instance)

    # given clients at work, when the web server or the worker is killed at any moment
    with journey.lived():
        instance.wait_for("first act", lambda: journey.acknowledged() > 0 or journey.failures, 60)
        for round_number in range(proof_scale(ROUNDS)):
            done = journey.acknowledged()
            time.sleep(chance.uniform(0, 2))
            # Twice in one round when the rounds are few: both kinds of process always die.
            victims = ["web", "worker"] if proof_scale(ROUNDS) == 1 else [chance.choice(["web", "worker"])]
            for victim in victims:
                instance.kill(victim)
            instance.wait_for(
                f"act after kill {round_number} of {victims} (seed {seed})",
                lambda done=done: journey.acknowledged() > done or bool(journey.failures),
                60,
            )
    assert journey.failures == [], f"seed {seed}\n{instance.said()}"
    assert min(map(len, (journey.attempts, journey.statements, journey.certificates))) > 0

    # then each acknowledged act is there, once, and no other is
    assert_once(
        journey.attempts,
        [attempt for (attempt,) in instance.ask("SELECT public_id FROM courses_quizattempt ORDER BY id")][
            before:
        ],
    )
    key = instance.world["lrs"][0]
    sent = instance.ask(
        "SELECT s.uuid FROM courses_statement s JOIN courses_lrskey k ON k.id = s.credential_id "
        f"WHERE k.key = '{key}'"  # our own key
    )
    assert_once(journey.statements, [uuid for (uuid,) in sent])
    assert_once(
        journey.certificates,
        [row for (row,) in instance.ask("SELECT public_id FROM certification_completioncertificate")],
    )
    assert_once(journey.claims, [row for (row,) in instance.ask("SELECT public_id FROM certification_claim")])

    # and within a minute all that was to be done is done
    instance.wait_for(
        "empty outbox",
        lambda: not instance.ask("SELECT 1 FROM courses_outboxentry WHERE state <> 'sent'"),
        60,
    )
    counts = json.loads(instance.command("manage.py", "reconcile_outbox", "--json").stdout)
    assert (counts["posted"], counts["dead"]) == (0, 0)
    assert counts["sent"] >= len(journey.certificates)

    # and every invariant holds
    checked = instance.command("manage.py", "check_invariants", "--json")
    assert [row for row in json.loads(checked.stdout) if not row["ok"]] == [], f"seed {seed}"
    assert checked.returncode == 0


def assert_once(acknowledged: list[str], present: list[str]) -> None:
    """The same acts on both sides, each of them once."""
    told = sorted(re.sub(r".*?([0-9a-f-]{36})/?$", r"\1", text).replace("-", "") for text in acknowledged)
    assert told == sorted(text.replace("-", "") for text in present)


@pytest.mark.django_db
def test_the_control_a_client_that_changes_its_key_does_act_twice(client_for):
    """What the proof above would see, were there no keys: the same act sent again after its answer was lost."""
    line = Line(Organisation(), until="train")
    quiz = reverse("quiz", args=[line.enrolment.registration, line.quiz.activity.public_id])
    answers = {f"q-{question}": ticked for question, ticked in right_answers(line.quiz).items()}
    client, before = client_for(line.adviser.user), QuizAttempt.objects.count()

    acknowledged = []
    for _ in range(2):
        answer = client.post(quiz, answers | {"idempotency_key": str(uuid4())})
        acknowledged = [answer["Location"]]  # the first answer never arrived

    present = [str(attempt.public_id) for attempt in QuizAttempt.objects.order_by("pk")[before:]]
    with pytest.raises(AssertionError):
        assert_once([re.sub(r".*resultat/", "", address) for address in acknowledged], present)
