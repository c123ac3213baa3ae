"""The resources State, Agent Profile and Activity Profile (xAPI Communication 2.2, 2.3, 2.6, 2.7)."""

from collections.abc import Callable

from django.http import HttpResponse, JsonResponse
from django.utils.http import http_date

from courses.shared import clock
from courses.xapi import documents, ingest, rules
from courses.xapi.documents import Condition, Name
from courses.xapi.enums import DocumentKind, Scope
from courses.xapi.errors import StatementError, TooLargeError, UnknownStatementError
from courses.xapi.models import LrsKey

from .call import Call, resource

METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE")
_MAX_NAME = 480
_SCOPES = {
    DocumentKind.STATE: Scope.STATE,
    DocumentKind.AGENT_PROFILE: Scope.PROFILE,
    DocumentKind.ACTIVITY_PROFILE: Scope.PROFILE,
}
_IDS = {
    DocumentKind.STATE: "stateId",
    DocumentKind.AGENT_PROFILE: "profileId",
    DocumentKind.ACTIVITY_PROFILE: "profileId",
}


def _handler(
    kind: DocumentKind, name_of: Callable[[Call, LrsKey], Name], *parameters: str
) -> Callable[[Call], HttpResponse]:
    """One resource of documents: what names one differs, the rest is the same."""

    def handle(call: Call) -> HttpResponse:
        credential = call.credential()
        ingest.allow(credential, _SCOPES[kind])
        call.allow(*parameters, _IDS[kind], "since")
        name = name_of(call, credential)
        if "since" in call.parameters and (call.method not in {"GET", "HEAD"} or name.document_id):
            raise StatementError("?since", "paramètre inconnu ici", "unknown parameter here")
        return _ACTS[call.method](call, name)

    return handle


def _state_name(call: Call, credential: LrsKey) -> Name:
    return Name(
        DocumentKind.STATE,
        credential.organisation_id,
        activity=call.iri("activityId"),
        agent=rules.interned_actor(call.actor("agent", part="agent")),
        registration=str(call.uuid("registration")) if "registration" in call.parameters else "",
        document_id=_document_id(call, "stateId"),
    )


def _agent_profile_name(call: Call, credential: LrsKey) -> Name:
    return Name(
        DocumentKind.AGENT_PROFILE,
        credential.organisation_id,
        agent=rules.interned_actor(call.actor("agent", part="agent")),
        document_id=_document_id(call, "profileId"),
    )


def _activity_profile_name(call: Call, credential: LrsKey) -> Name:
    return Name(
        DocumentKind.ACTIVITY_PROFILE,
        credential.organisation_id,
        activity=call.iri("activityId"),
        document_id=_document_id(call, "profileId"),
    )


def _document_id(call: Call, name: str) -> str:
    """Empty only where a list, or the deletion of all, is meant."""
    if name not in call.parameters:
        if call.method in {"GET", "HEAD"} or (call.method == "DELETE" and name == "stateId"):
            return ""
    value = call.text(name)
    if len(value) > _MAX_NAME:
        raise StatementError(f"?{name}", "nom trop long", "name too long")
    return value


def _condition(call: Call) -> Condition:
    return Condition(call.headers.get("If-Match"), call.headers.get("If-None-Match"))


def _read(call: Call, name: Name) -> HttpResponse:
    if not name.document_id:
        found = documents.ids(
            name, since=call.instant("since"), any_registration="registration" not in call.parameters
        )
        return JsonResponse(found, safe=False)
    kept = documents.find(name)
    if kept is None:
        raise UnknownStatementError("Aucun document de ce nom. / No such document.")
    response = HttpResponse(bytes(kept.content), content_type=kept.content_type)
    response["ETag"] = f'"{kept.etag}"'
    response["Last-Modified"] = http_date(kept.updated_at.timestamp())
    return response


def _content(call: Call) -> tuple[bytes, str]:
    content_type = call.content_type or "application/octet-stream"
    if len(content_type) > 200 or not content_type.isprintable():
        raise StatementError("Content-Type", "type de média trop long", "media type too long")
    content = call.body()
    if len(content) > documents.MAX_BYTES:
        raise TooLargeError("Document trop grand. / Document too large.")
    return content, content_type


def _put(call: Call, name: Name) -> HttpResponse:
    content, content_type = _content(call)
    documents.put(
        name, content=content, content_type=content_type, condition=_condition(call), version=call.version,
        at=clock.now(),
    )  # fmt: skip
    return HttpResponse(status=204)


def _post(call: Call, name: Name) -> HttpResponse:
    content, content_type = _content(call)
    documents.post(
        name, content=content, content_type=content_type, condition=_condition(call), at=clock.now()
    )
    return HttpResponse(status=204)


def _delete(call: Call, name: Name) -> HttpResponse:
    if name.document_id:
        documents.delete(name, condition=_condition(call))
    else:
        documents.delete_all(name, any_registration="registration" not in call.parameters)
    return HttpResponse(status=204)


_ACTS: dict[str, Callable[[Call, Name], HttpResponse]] = {
    "GET": _read, "HEAD": _read, "PUT": _put, "POST": _post, "DELETE": _delete,
}  # fmt: skip

state = resource(_handler(DocumentKind.STATE, _state_name, "activityId", "agent", "registration"), *METHODS)
agent_profile = resource(_handler(DocumentKind.AGENT_PROFILE, _agent_profile_name, "agent"), *METHODS)
activity_profile = resource(
    _handler(DocumentKind.ACTIVITY_PROFILE, _activity_profile_name, "activityId"), *METHODS
)
