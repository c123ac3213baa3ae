"""An adviser’s record for another service (JSON-LD).

The vocabulary is schema.org’s, whose words say all of it: the holder is a Person; each module followed a
LearnAction on a Course, part of the path’s Course, with its proved minutes as a QuantitativeValue (UN/CEFACT
code MIN); each attestation an EducationalOccupationalCredential with the address where anybody checks it. It states
what this site knows and is not signed: the proof of a credential is its own page. The two dates of the record (of what
was true, and of what was known) have no word there: they are `asOf` and `knownAt`, defined in the document’s context.

The same facts give the same bytes.
"""

import json
from collections.abc import Iterator
from typing import Any

from django.conf import settings

from courses.shared.durations import iso
from lms.reporting.queries.record import PathLine, Record

_STATUS = {
    "todo": "PotentialActionStatus",
    "in_progress": "ActiveActionStatus",
    "done": "CompletedActionStatus",
}


def jsonld_bytes(record: Record) -> bytes:
    """The whole record, sorted and indented."""
    return json.dumps(jsonld(record), ensure_ascii=False, indent=2, sort_keys=True).encode() + b"\n"


def jsonld(record: Record) -> dict[str, Any]:
    """One graph: the document, its person, what he did, what he obtained."""
    person = f"urn:uuid:{record.adviser.user.public_id}"
    return {
        "@context": [
            "https://schema.org",
            {
                "asOf": {"@id": f"{settings.LMS_PUBLIC_URL}/vocabulaire#asOf", "@type": "Date"},
                "knownAt": {"@id": f"{settings.LMS_PUBLIC_URL}/vocabulaire#knownAt", "@type": "DateTime"},
            },
        ],
        "@graph": [
            {
                "@type": "DigitalDocument",
                "name": f"Parcours de formation de {record.adviser}",
                "inLanguage": "fr",
                "about": {"@id": person},
                "publisher": {"@type": "Organization", "name": settings.LMS_SITE_NAME, "url": settings.LMS_PUBLIC_URL},
                "asOf": record.as_of.isoformat(),
                "knownAt": _known(record),
            },
            {
                "@id": person,
                "@type": "Person",
                "givenName": record.adviser.user.first_name,
                "familyName": record.adviser.user.last_name,
                "jobTitle": "Conseiller numérique",
                "identifier": {
                    "@type": "PropertyValue",
                    "propertyID": "numéro de conseiller",
                    "value": str(record.adviser.number),
                },
                "hasCredential": [{"@id": line.verify_url} for line in record.credentials],
            },
            *(action for path in record.paths for action in _actions(path, person)),
            *_credentials(record),
            *_certificates(record),
        ],
    }  # fmt: skip


def _actions(path: PathLine, person: str) -> Iterator[dict[str, Any]]:
    course = {
        "@type": "Course",
        "@id": f"urn:uuid:{path.public_id}",
        "name": path.title,
        "version": str(path.version),
        "provider": {"@type": "Organization", "name": path.organisation},
    }
    yield _action(
        f"urn:uuid:{path.registration}", person, course, path.enrolled_on.isoformat(), path.completed_on,
        "done" if path.done else "in_progress" if path.badge == "in_progress" else "todo", path.proved_minutes,
    )  # fmt: skip
    for module in path.modules:
        part = {
            "@type": "Course",
            "@id": f"urn:uuid:{module.public_id}",
            "name": module.title,
            "timeRequired": iso(module.required_minutes),
            "isPartOf": {"@id": course["@id"]},
        }
        yield _action(
            f"urn:uuid:{path.registration}#{module.public_id}", person, part, "", module.completed_on,
            module.state, module.proved_minutes,
        )  # fmt: skip


def _action(
    name: str, person: str, course: dict[str, Any], start: str, end: Any, state: str, minutes: int
) -> dict[str, Any]:
    action: dict[str, Any] = {
        "@id": name,
        "@type": "LearnAction",
        "agent": {"@id": person},
        "object": course,
        "actionStatus": f"https://schema.org/{_STATUS[state]}",
        "result": {
            "@type": "QuantitativeValue",
            "name": "durée prouvée",
            "value": minutes,
            "unitCode": "MIN",
        },
    }
    if start:
        action["startTime"] = start
    if end:
        action["endTime"] = end.isoformat()
    return action


def _credentials(record: Record) -> Iterator[dict[str, Any]]:
    for line in record.credentials:
        credential: dict[str, Any] = {
            "@id": line.verify_url,
            "@type": "EducationalOccupationalCredential",
            "name": "Attestation de certification de conseiller numérique",
            "credentialCategory": "certification",
            "url": line.verify_url,
            "identifier": line.code,
            "dateCreated": line.issued_on.isoformat(),
            "creativeWorkStatus": "revoked" if line.revoked_on else "valid",
        }
        if line.revoked_on:
            credential["expires"] = line.revoked_on.isoformat()
        yield credential


def _certificates(record: Record) -> Iterator[dict[str, Any]]:
    for line in record.certificates:
        yield {
            "@type": "EducationalOccupationalCredential",
            "name": f"Certificat de réalisation : {line.module}",
            "credentialCategory": "certificat de réalisation",
            "identifier": line.number,
            "dateCreated": line.issued_on.isoformat(),
            "timeRequired": iso(line.minutes),
        }


def _known(record: Record) -> str:
    return record.known_at.isoformat() if record.known_at else ""
