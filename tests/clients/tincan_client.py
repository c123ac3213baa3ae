"""The Python client `tincan` against a record store: each thing it can do, one line a step.

`python -m tests.clients.tincan_client`, with XAPI_ENDPOINT, XAPI_KEY and XAPI_SECRET in the environment.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_string
from typing import Any
from uuid import uuid4

import tincan

VOIDED = tincan.Verb(id="http://adlnet.gov/expapi/verbs/voided", display={"en-US": "voided"})
COMPLETED = tincan.Verb(id="http://adlnet.gov/expapi/verbs/completed", display={"fr": "a achevé"})
ANSWERED = tincan.Verb(id="http://adlnet.gov/expapi/verbs/answered", display={"fr": "a répondu"})
BATCH = 7
# What this client cannot do with any store.
NOT_BY_THIS_CLIENT = {
    "attachment with its payload": "it writes JSON only, never multipart",
    "read attachments": "it parses the multipart answer as JSON and raises; asked here by hand",
    "state under a registration": "save_state leaves the registration out",
    "create a profile": "it never sends If-None-Match, and 1.0.3 wants a condition; sent here by hand",
    "read an ETag": "it looks for `etag` in a list of pairs; read here from the answer",
    "agents": "it has no call for this resource; asked here by hand",
    "activities": "it has no call for this resource; asked here by hand",
    "version 2.0.0": "it speaks 1.0.0 to 1.0.3",
}


@dataclass(frozen=True)
class Outcome:
    """One step: its name, and what went wrong, if anything."""

    step: str
    fault: str = ""

    def line(self) -> str:
        return f"failed  {self.step}: {self.fault}" if self.fault else f"ok      {self.step}"


class Journey:
    """A learner, an activity and a registration of its own for each run: runs never meet."""

    def __init__(self, *, endpoint: str, key: str, secret: str) -> None:
        self.store = tincan.RemoteLRS(endpoint=endpoint, username=key, password=secret, version="1.0.3")
        run = uuid4().hex
        home = "https://learning.example"
        self.learner = tincan.Agent(name="Léa Essai", account=tincan.AgentAccount(name=run, home_page=home))
        self.activity = tincan.Activity(
            id=f"{home}/activities/{run}",
            definition=tincan.ActivityDefinition(name={"fr": "Leçon d’essai"}, description={"fr": "Brève."}),
        )
        self.registration = str(uuid4())
        self.single = self._statement(COMPLETED)
        self.single.id = self.single_id = str(uuid4())
        self.batch: list[str] = []

    def run(self) -> Iterator[Outcome]:
        """Each step in turn; a failure does not keep the next ones from running."""
        for step in STEPS:
            try:
                step(self)
            except Exception as fault:  # noqa: BLE001  whatever the client raises is the finding
                yield Outcome(str(step.__doc__), f"{type(fault).__name__}: {fault}")
            else:
                yield Outcome(str(step.__doc__))

    def _statement(self, verb: tincan.Verb, **values: Any) -> tincan.Statement:
        return tincan.Statement(
            actor=self.learner,
            verb=verb,
            object=values.pop("object", self.activity),
            context=tincan.Context(registration=self.registration),
            timestamp=datetime.now(UTC),
            **values,
        )

    # ------------------------------------------------------------ statements

    def about(self) -> None:
        """about"""
        _same(_accepted(self.store.about()).content.version, ["1.0.3"])

    def put(self) -> None:
        """one statement by PUT"""
        _accepted(self.store.save_statement(self.single))

    def put_again(self) -> None:
        """the same statement once more changes nothing"""
        _accepted(self.store.save_statement(self.single))

    def put_another(self) -> None:
        """another statement with the same id is refused with 409"""
        other = self._statement(ANSWERED)
        other.id = self.single.id
        _refused(self.store.save_statement(other), 409)

    def post(self) -> None:
        """one statement by POST"""
        score = tincan.Score(scaled=0.85, raw=17, min=0, max=20)
        result = tincan.Result(score=score, success=True, completion=True, response="Été ☀")
        saved = _accepted(self.store.save_statement(self._statement(ANSWERED, result=result))).content
        again = _accepted(self.store.retrieve_statement(saved.id)).content
        _same(again.result.score.scaled, 0.85)
        _same(again.result.response, "Été ☀")

    def post_batch(self) -> None:
        """a batch"""
        many = [self._statement(ANSWERED) for _ in range(BATCH)]
        saved = _accepted(self.store.save_statements(many)).content
        self.batch = [str(one.id) for one in saved]
        _same(len(set(self.batch)), BATCH)

    def get(self) -> None:
        """get by id"""
        found = _accepted(self.store.retrieve_statement(self.single.id)).content
        _same(str(found.id), self.single_id)
        _same(found.actor.account.name, self.learner.account.name)
        _same(found.timestamp, self.single.timestamp)
        if found.stored is None or found.authority is None:
            raise AssertionError("stored and authority are missing")

    def get_unknown(self) -> None:
        """an unknown id is a 404"""
        _refused(self.store.retrieve_statement(str(uuid4())), 404)

    def filters(self) -> None:
        """queries: agent, verb, activity, registration, since, until, related, format"""
        everything = BATCH + 2
        _same(len(self._found(agent=self.learner)), everything)
        _same(self._found(agent=self.learner, verb=COMPLETED), [self.single_id])
        _same(len(self._found(activity=self.activity)), everything)
        _same(len(self._found(registration=self.registration)), everything)
        _same(len(self._found(activity=self.activity, related_activities=True)), everything)
        _same(len(self._found(agent=self.learner, related_agents=True)), everything)
        _same(len(self._found(agent=self.learner, since="2020-01-01T00:00:00Z")), everything)
        _same(self._found(agent=self.learner, until="2020-01-01T00:00:00Z"), [])
        _same(len(self._found(agent=self.learner, format="ids")), everything)
        _same(len(self._found(agent=self.learner, format="canonical")), everything)

    def since_as_datetime(self) -> None:
        """a query since a datetime, which this client writes with a blank for the T"""
        start = datetime(2020, 1, 1, tzinfo=UTC)
        _same(len(self._found(agent=self.learner, since=start)), BATCH + 2)

    def ascending(self) -> None:
        """a query in ascending order, oldest first"""
        _same(self._found(agent=self.learner, ascending=True, limit=1), [self.single_id])

    def more(self) -> None:
        """`more` until the end"""
        page = _accepted(self.store.query_statements({"agent": self.learner, "limit": 3})).content
        seen = [str(one.id) for one in page.statements]
        pages = 1
        while page.more:
            page = _accepted(self.store.more_statements(page)).content
            seen += [str(one.id) for one in page.statements]
            pages += 1
        _same((pages, len(seen), len(set(seen))), (3, BATCH + 2, BATCH + 2))

    def _found(self, **query: Any) -> list[str]:
        page = _accepted(self.store.query_statements(query)).content
        return [str(one.id) for one in page.statements]

    def void(self) -> None:
        """voiding, then voidedStatementId"""
        target = self.batch[0]
        reference = tincan.StatementRef(id=target)
        _accepted(self.store.save_statement(self._statement(VOIDED, object=reference)))
        _refused(self.store.retrieve_statement(target), 404)
        _same(str(_accepted(self.store.retrieve_voided_statement(target)).content.id), target)
        if target in self._found(agent=self.learner):
            raise AssertionError("the voided statement is still listed")

    def attachment(self) -> None:
        """an attachment by its address, read back as multipart (by hand)"""
        attachment = tincan.Attachment(
            usage_type="http://id.tincanapi.com/attachment/supporting_media",
            display={"fr": "Copie d’écran"},
            content_type="text/plain",
            length=4,
            sha2=hashlib.sha256(b"test").hexdigest(),
            fileurl="https://learning.example/copy.txt",
        )
        saved = _accepted(self.store.save_statement(self._statement(ANSWERED, attachments=[attachment])))
        asked = {"statementId": saved.content.id, "attachments": "true"}
        answer = _accepted(self._by_hand("GET", "statements", asked))
        kind = answer.response.getheader("Content-Type")
        parts: Any = message_from_string(f"Content-Type: {kind}\r\n\r\n{answer.data}").get_payload()
        (part,) = parts
        _same(part.get_content_type(), "application/json")
        _same(json.loads(part.get_payload(decode=True))["attachments"][0]["fileUrl"], attachment.fileurl)

    # ------------------------------------------------------------ documents

    def state(self) -> None:
        """state: set, replace, get, list, delete, clear"""
        here = {"activity": self.activity, "agent": self.learner}
        for content in ("page 1", "page 2"):
            kept = tincan.StateDocument(id="place", content=content, content_type="text/plain", **here)
            _accepted(self.store.save_state(kept))
        found = _accepted(self.store.retrieve_state(state_id="place", **here))
        _same((found.response.status, bytes(found.content.content)), (200, b"page 2"))
        _same(_accepted(self.store.retrieve_state_ids(**here)).content, ["place"])
        _accepted(self.store.delete_state(kept))
        _same(_accepted(self.store.retrieve_state(state_id="place", **here)).response.status, 404)
        _accepted(self.store.save_state(kept))
        _accepted(self.store.clear_state(**here))
        _same(_accepted(self.store.retrieve_state_ids(**here)).content, [])

    def state_registration(self) -> None:
        """state with a registration: get, list, delete (set by hand)"""
        where = {
            "activityId": self.activity.id,
            "agent": self.learner.to_json("1.0.3"),
            "registration": self.registration,
        }
        here = {"activity": self.activity, "agent": self.learner, "registration": self.registration}
        asked = {**where, "stateId": "place"}
        _accepted(self._by_hand("PUT", "activities/state", asked, b'{"page":3}', {}))
        found = _accepted(self.store.retrieve_state(state_id="place", **here))
        _same(json.loads(bytes(found.content.content)), {"page": 3})
        _same(_accepted(self.store.retrieve_state_ids(**here)).content, ["place"])
        without = self.store.retrieve_state(self.activity, self.learner, "place")
        _same(without.response.status, 404)
        _accepted(self.store.clear_state(**here))
        _same(_accepted(self.store.retrieve_state_ids(**here)).content, [])

    def activity_profile(self) -> None:
        """activity profile: If-None-Match, ETag, If-Match, stale 412, list, delete"""
        self._profile(
            resource="activities/profile",
            asked={"activityId": self.activity.id, "profileId": "grid"},
            document=tincan.ActivityProfileDocument(id="grid", activity=self.activity),
            save=self.store.save_activity_profile,
            read=lambda: self.store.retrieve_activity_profile(self.activity, "grid"),
            ids=lambda: self.store.retrieve_activity_profile_ids(self.activity),
            drop=self.store.delete_activity_profile,
        )

    def agent_profile(self) -> None:
        """agent profile: If-None-Match, ETag, If-Match, stale 412, list, delete"""
        self._profile(
            resource="agents/profile",
            asked={"agent": self.learner.to_json("1.0.3"), "profileId": "grid"},
            document=tincan.AgentProfileDocument(id="grid", agent=self.learner),
            save=self.store.save_agent_profile,
            read=lambda: self.store.retrieve_agent_profile(self.learner, "grid"),
            ids=lambda: self.store.retrieve_agent_profile_ids(self.learner),
            drop=self.store.delete_agent_profile,
        )

    def _profile(
        self,
        *,
        resource: str,
        asked: dict[str, str],
        document: Any,
        save: Callable[[Any], Any],
        read: Callable[[], Any],
        ids: Callable[[], Any],
        drop: Callable[[Any], Any],
    ) -> None:
        document.content, document.content_type = '{"level":1}', "application/json"
        _refused(save(document), 400)
        only_new = {"If-None-Match": "*"}
        _accepted(self._by_hand("PUT", resource, asked, b'{"level":1}', only_new))
        _refused(self._by_hand("PUT", resource, asked, b'{"level":1}', only_new), 412)
        _refused(save(document), 409)
        first = _accepted(read()).response.getheader("ETag")
        document.content, document.etag = '{"level":2}', first
        _accepted(save(document))
        _refused(save(document), 412)
        found = _accepted(read())
        _same(json.loads(bytes(found.content.content)), {"level": 2})
        _same(_accepted(ids()).content, ["grid"])
        _refused(drop(document), 412)
        document.etag = found.response.getheader("ETag")
        _accepted(drop(document))
        _same(read().response.status, 404)

    # ------------------------------------------------------------ what the store knows

    def agents(self) -> None:
        """agents (by hand)"""
        asked = {"agent": self.learner.to_json("1.0.3")}
        person = json.loads(_accepted(self._by_hand("GET", "agents", asked)).data)
        _same((person["objectType"], person["name"]), ("Person", ["Léa Essai"]))
        _same(person["account"][0]["name"], self.learner.account.name)

    def activities(self) -> None:
        """activities (by hand)"""
        asked = {"activityId": self.activity.id}
        found = json.loads(_accepted(self._by_hand("GET", "activities", asked)).data)
        _same((found["id"], found["definition"]["name"]), (self.activity.id, {"fr": "Leçon d’essai"}))

    def bad_key(self) -> None:
        """a wrong secret is a 401"""
        other = tincan.RemoteLRS(endpoint=self.store.endpoint, username="no", password="no", version="1.0.3")
        _refused(other.retrieve_statement(self.single.id), 401)

    def _by_hand(
        self,
        method: str,
        resource: str,
        asked: dict[str, str],
        content: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> Any:
        """The client's own transport, for what its calls do not reach."""
        request = tincan.HTTPRequest(method=method, resource=resource, content=content)
        request.query_params = asked
        request.headers = {"Content-Type": "application/json", **(headers or {})} if content else {}
        return self.store._send_request(request)


STEPS: tuple[Callable[[Journey], None], ...] = (
    Journey.about, Journey.put, Journey.put_again, Journey.put_another, Journey.post, Journey.post_batch,
    Journey.get, Journey.get_unknown, Journey.filters, Journey.since_as_datetime, Journey.ascending,
    Journey.more, Journey.void, Journey.attachment, Journey.state, Journey.state_registration, Journey.activity_profile,
    Journey.agent_profile, Journey.agents, Journey.activities, Journey.bad_key,
)  # fmt: skip


def _accepted(answer: Any) -> Any:
    if not answer.success:
        raise AssertionError(f"{answer.response.status} {answer.data!r}")
    return answer


def _refused(answer: Any, status: int) -> None:
    if answer.response.status != status:
        raise AssertionError(f"{answer.response.status} instead of {status}: {answer.data!r}")


def _same(found: object, wanted: object) -> None:
    if found != wanted:
        raise AssertionError(f"{found!r} instead of {wanted!r}")


def main() -> int:
    """Walk the journey; 1 if a step failed."""
    journey = Journey(
        endpoint=os.environ["XAPI_ENDPOINT"], key=os.environ["XAPI_KEY"], secret=os.environ["XAPI_SECRET"]
    )
    failed = 0
    for outcome in journey.run():
        sys.stdout.write(outcome.line() + "\n")
        failed += bool(outcome.fault)
    for step, reason in NOT_BY_THIS_CLIENT.items():
        sys.stdout.write(f"client  {step}: {reason}\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
