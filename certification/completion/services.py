"""Issuing a certificat de réalisation, then drawing its paper."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Max

from courses import api as courses
from courses.models import AuditChain, Enrolment, Evidence, Module, TrainingOrganisation, User
from courses.shared import canonical, documents
from courses.shared.clock import PARIS

from . import rules
from .errors import AlteredContextError, CertificateExistsError, NotProvedError
from .models import CertificateEvidence, CompletionCertificate, CompletionDocument

TEMPLATE = Path(__file__).parent / "certificate.typ"
RENDER = "completion.render"
# What may carry the minutes of a certificate: graded by the server, or attested by signatures.
_PROVING = frozenset({"E1", "E2"})


@transaction.atomic
def issue_certificate(
    *, enrolment: Enrolment, module: Module, actor: User, at: datetime
) -> CompletionCertificate:
    """Freeze what the learner really followed of a module; closed sheets and graded evidence only."""
    enrolment = (
        Enrolment.objects.select_for_update(of=("self",), no_key=True)
        .select_related("adviser__user", "path")
        .with_versions()
        .get(pk=enrolment.pk)
    )
    existing = CompletionCertificate.objects.known().filter(enrolment=enrolment, module=module).first()
    if existing is not None:
        raise CertificateExistsError(
            f"Le certificat {existing.number} a déjà été émis pour ce module le {existing.valid_on:%d/%m/%Y}."
        )
    outcome = courses.module_outcome(enrolment, module)
    proofs = proving(outcome.evidence)
    if missing := what_is_missing(outcome):
        raise NotProvedError(module.title, missing)
    day = at.astimezone(PARIS).date()
    number = _next_number(day.year)
    context = _context(number, enrolment, module, outcome, proofs, actor, at)
    frozen = canonical.dumps(context)
    certificate = CompletionCertificate.objects.create(
        number=number,
        enrolment=enrolment,
        module=module,
        minutes=context["minutes"]["total"],
        context=frozen,
        context_hash=canonical.sha256(frozen),
        valid_on=day,
        known_at=at,
    )
    CertificateEvidence.objects.bulk_create(
        CertificateEvidence(certificate=certificate, evidence=proof) for proof in proofs
    )
    courses.audit.record(
        "completion.certificate.issue",
        actor=actor,
        target=certificate,
        at=at,
        after={"number": number, "minutes": certificate.minutes, "context_hash": certificate.context_hash},
    )
    courses.outbox.post(RENDER, key=str(certificate.pk), at=at)
    return certificate


@transaction.atomic
def render_document(*, certificate_id: int, at: datetime) -> CompletionDocument:
    """Draw the PDF/A of a certificate from its frozen words, once."""
    certificate = CompletionCertificate.objects.select_for_update(of=("self",), no_key=True).get(
        pk=certificate_id
    )
    drawn = CompletionDocument.objects.filter(certificate=certificate).first()
    if drawn is not None:
        return drawn
    if canonical.sha256(certificate.context) != certificate.context_hash:
        raise AlteredContextError(certificate.number)
    pdf = documents.render_pdf(TEMPLATE, paper(certificate))
    file = documents.store(pdf, documents.PDF, at)
    return CompletionDocument.objects.create(
        certificate=certificate, file=file, valid_on=certificate.valid_on, known_at=at
    )


def paper(certificate: CompletionCertificate) -> dict[str, Any]:
    """What the template shows: the frozen words and their hash."""
    return {**json.loads(certificate.context), "context_hash": certificate.context_hash}


def proving(evidence: tuple[Evidence, ...]) -> list[Evidence]:
    """The evidence that a certificate may quote, oldest first: reading is not among it."""
    kept = [
        one
        for one in evidence
        if one.evidence_class in _PROVING and one.success is not False and one.superseded_at is None
    ]
    return sorted(kept, key=lambda one: (one.valid_on, one.pk))


def what_is_missing(outcome: Any) -> list[str]:
    """One French sentence for each thing that still keeps the certificate away; empty when it may be issued."""
    missing = [one.text for one in outcome.missing]
    if not missing and outcome.state != courses.ModuleState.DONE:
        missing.append("Toutes les activités du module ne sont pas achevées.")
    if not missing and not any(one.minutes for one in proving(outcome.evidence)):
        missing.append(
            "Aucune durée n’est prouvée\u00a0: lire ne suffit pas, il faut une feuille d’émargement close "
            "ou une évaluation notée."
        )
    return missing


def _next_number(year: int) -> str:
    """Certificates queue behind the chain that their audit entry needs anyway: so no number is skipped or doubled."""
    AuditChain.objects.select_for_update().filter(name="content").first()
    last = CompletionCertificate.objects.filter(number__startswith=f"CR-{year}-").aggregate(
        last=Max("number")
    )["last"]
    return rules.number(year, rules.sequence_of(last or "") + 1)


def _context(
    number: str,
    enrolment: Enrolment,
    module: Module,
    outcome: Any,
    proofs: list[Evidence],
    actor: User,
    at: datetime,
) -> dict[str, Any]:
    """Every word of the paper, so that nothing that changes later can change it."""
    adviser = enrolment.adviser
    start, end = proofs[0].valid_on, proofs[-1].valid_on
    employer = courses.host_structure_of(adviser, end)
    version = courses.version_on(enrolment, outcome.completed_on or end)
    minutes = {
        "on_site": outcome.on_site_minutes,
        "remote": outcome.remote_minutes,
        "placement": outcome.placement_minutes,
    }
    return {
        "form": "certificat-de-realisation-1",
        "number": number,
        "issued_on": at.astimezone(PARIS).date(),
        "organisation": _organisation(module.organisation),
        "issued_by": str(actor),
        "beneficiary": {
            "name": str(adviser.user),
            "number": adviser.number,
            "employer": employer.name if employer else "",
            "employer_siret": employer.siret if employer else "",
        },
        "title": module.title,
        "path": enrolment.path.title,
        "path_version": version.number,
        "path_hash": version.structure_hash,
        "registration": enrolment.registration,
        "nature": rules.NATURE,
        "start": start,
        "end": end,
        "minutes": {**minutes, "total": sum(minutes.values())},
        "evidence": [_quoted(proof) for proof in proofs],
        "commitment": rules.COMMITMENT,
    }


def _organisation(organisation: TrainingOrganisation) -> dict[str, Any]:
    region = organisation.departement.region_name if organisation.departement else ""
    return {
        "name": organisation.name,
        "siret": organisation.siret,
        "departement": organisation.departement.name if organisation.departement else "",
        "declaration": rules.declaration(organisation.nda, region),
    }


def _quoted(proof: Evidence) -> dict[str, Any]:
    return {
        "id": proof.pk,
        "day": proof.valid_on,
        "activity": proof.activity.title,
        "kind": proof.get_kind_display(),
        "class": proof.evidence_class,
        "minutes": proof.minutes,
        "seal": proof.seal,
    }
