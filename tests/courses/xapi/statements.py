"""Statements and their parts, right ones and wrong ones, in every place where a part may stand."""

import copy
from typing import Any
from uuid import uuid4

ABSENT = object()

MBOX = {"mbox": "mailto:amina@of.example"}
SHA1 = {"mbox_sha1sum": "0123456789abcdef0123456789ABCDEF01234567"}
OPENID = {"openid": "https://id.example/amina"}
ACCOUNT = {"account": {"homePage": "https://of.example", "name": "42"}}
IDENTIFIERS: tuple[dict[str, Any], ...] = (MBOX, SHA1, OPENID, ACCOUNT)

VERB = {"id": "http://adlnet.gov/expapi/verbs/completed", "display": {"fr": "a achevé", "en-US": "completed"}}
ACTIVITY = "https://of.example/module/1"
VOIDED = "http://adlnet.gov/expapi/verbs/voided"


def agent(identifier=MBOX, **more):
    return {"objectType": "Agent", **identifier, **more}


def group(identifier=None, **more):
    """Identified, or else anonymous with two members."""
    members = {} if identifier else {"member": [agent(), agent(ACCOUNT)]}
    return {"objectType": "Group", **(identifier or {}), **members, **more}


def activity(iri=ACTIVITY, **definition):
    return {"objectType": "Activity", "id": iri, **({"definition": definition} if definition else {})}


def reference(uuid=None, **more):
    return {"objectType": "StatementRef", "id": str(uuid or uuid4()), **more}


def substatement(**changes):
    return _changed(
        {"objectType": "SubStatement", "actor": agent(), "verb": VERB, "object": activity()}, changes
    )


def statement(**changes):
    """Plain, save what is said; ABSENT takes a property away."""
    return _changed({"actor": agent(ACCOUNT), "verb": VERB, "object": activity()}, changes)


def voiding(uuid, **changes):
    return statement(**{"verb": {"id": VOIDED}, "object": reference(uuid), **changes})


def both(**changes):
    """The same in a statement and in a statement within a statement."""
    return statement(**changes), statement(object=substatement(**changes))


def anywhere(*actors):
    """An agent or a group in every place that takes one."""
    return tuple(
        made
        for actor in actors
        for made in (
            *both(actor=actor),
            *both(context={"instructor": actor}),
            *((*both(object=actor),) if "objectType" in actor else ()),
        )
    )


def anywhere_agents(*agents):
    """The places of `anywhere`, and those that take agents only."""
    more = tuple(
        made
        for one in agents
        for made in (statement(authority=one), statement(actor={"objectType": "Group", "member": [one]}))
    )
    return (*anywhere(*agents), *more)


def anywhere_groups(*groups):
    """The places of `anywhere`, and the team."""
    return (*anywhere(*groups), *(made for one in groups for made in both(context={"team": one})))


def described(*definitions):
    """An activity with that definition, as object, as object of a statement within, as a context activity."""
    return tuple(
        made
        for definition in definitions
        for made in (
            *both(object=activity() | {"definition": definition}),
            statement(context={"contextActivities": {"parent": [activity() | {"definition": definition}]}}),
        )
    )


def _changed(base, changes):
    made = {**copy.deepcopy(base), **changes}
    return {key: value for key, value in made.items() if value is not ABSENT}
