"""Another system that calls the record store with a key, and the requests that it sends."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django.test import Client

from courses import api
from courses.xapi.validation import VERSION_1, VERSION_2
from tests import factories
from tests.factories import NOON

BOTH = (VERSION_1, VERSION_2)
BASES = {VERSION_1: "/xapi/1.0.3/", VERSION_2: "/xapi/"}
VERSION_HEADER = "X-Experience-API-Version"
JSON = "application/json"
RESOURCES = (
    "statements",
    "activities/state",
    "activities/profile",
    "agents/profile",
    "activities",
    "agents",
    "about",
)


@cache
def browser() -> Client:
    """One for all: what costs is to make it. An exception of ours goes up to the test, as it must."""
    return Client(SERVER_NAME="localhost")


@dataclass(frozen=True)
class Ask:
    """One request: where, with what. Parameters may be a raw query string; a body may be raw bytes."""

    method: str
    resource: str
    parameters: Mapping[str, Any] | str = field(default_factory=dict)
    body: Any = None
    headers: Mapping[str, Any] = field(default_factory=dict)
    content_type: str = JSON


class Caller:
    """A key of an organisation."""

    def __init__(self, *scopes, organisation=None, version=VERSION_2):
        self.organisation = organisation or factories.a_training_organisation()
        self.row, secret = api.create_lrs_key(
            organisation=self.organisation, scopes=scopes or ("all",), actor=factories.root(), at=NOON
        )
        token = base64.b64encode(f"{self.row.key}:{secret}".encode()).decode()
        self.authorization = f"Basic {token}"
        self.version = version

    def send(self, ask, **headers):
        """The answer. A header of None is left out."""
        given = {"Authorization": self.authorization, VERSION_HEADER: self.version, **ask.headers, **headers}
        if ask.body is not None:  # the test client leaves the media type of an empty body out
            given.setdefault("Content-Type", ask.content_type)
        address = BASES[self.version] + ask.resource
        if ask.parameters:
            address += f"?{query(ask.parameters)}"
        return browser().generic(
            ask.method,
            address,
            data(ask.body),
            headers={name: value for name, value in given.items() if value is not None},
        )

    def get(self, resource, parameters=(), **headers):
        return self.send(Ask("GET", resource, parameters or {}), **headers)

    def post(self, resource, body, parameters=(), content_type=JSON, **headers):
        return self.send(Ask("POST", resource, parameters or {}, body, content_type=content_type), **headers)

    def put(self, resource, body, parameters=(), content_type=JSON, **headers):
        return self.send(Ask("PUT", resource, parameters or {}, body, content_type=content_type), **headers)

    def delete(self, resource, parameters=(), **headers):
        return self.send(Ask("DELETE", resource, parameters or {}), **headers)

    def store(self, *statements):
        """Their ids; the test has no meaning when they are refused."""
        answer = self.post("statements", list(statements))
        assert answer.status_code == 200, answer.content
        return answer.json()

    def listed(self, **parameters):
        """The statements of a list."""
        answer = self.get("statements", parameters)
        assert answer.status_code == 200, answer.content
        return answer.json()["statements"]

    def ids(self, **parameters):
        return [one["id"] for one in self.listed(**parameters)]

    def one(self, uuid, name="statementId", **parameters):
        """The statement of that id."""
        answer = self.get("statements", {name: uuid, **parameters})
        assert answer.status_code == 200, answer.content
        return answer.json()


def query(parameters):
    """Objects as JSON; a text is already a query."""
    if isinstance(parameters, str):
        return parameters
    return urlencode(
        {name: value if isinstance(value, str) else json.dumps(value) for name, value in parameters.items()}
    )


def data(body):
    """The bytes of a body: raw, a text, or JSON."""
    if body is None:
        return b""
    if isinstance(body, bytes):
        return body
    return body.encode() if isinstance(body, str) else json.dumps(body).encode()
