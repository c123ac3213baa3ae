"""Who may be given a certificate, and whether those given still hold."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from courses import api as courses
from courses.models import Enrolment, Module
from courses.shared import canonical

from .models import CompletionCertificate
from .services import what_is_missing


@dataclass(frozen=True)
class ModuleLine:
    """One module of one learner: its certificate, or why there is none yet."""

    enrolment: Enrolment
    module: Module
    certificate: CompletionCertificate | None
    minutes: int
    missing: tuple[str, ...]

    @property
    def can_be_issued(self) -> bool:
        return self.certificate is None and not self.missing

    @property
    def state(self) -> str:
        if self.certificate:
            return "valid"
        return "todo" if self.missing else "open"

    @property
    def state_label(self) -> str:
        if self.certificate:
            return "Certificat émis"
        return "Pas encore prouvé" if self.missing else "À émettre"


def module_lines(enrolments: Iterable[Enrolment]) -> list[ModuleLine]:
    """One line for each module of each enrolment."""
    enrolments = list(enrolments)
    certificates = {
        (one.enrolment_id, one.module_id): one
        for one in CompletionCertificate.objects.known().filter(enrolment__in=enrolments)
    }
    followed = {one.pk: courses.modules_followed(one) for one in enrolments}
    ids = {module.public_id for modules in followed.values() for module in modules}
    modules = {module.public_id: module for module in Module.objects.filter(public_id__in=ids)}
    lines = []
    for enrolment in enrolments:
        for given in followed[enrolment.pk]:
            module = modules[given.public_id]
            outcome = courses.module_outcome(enrolment, module)
            certificate = certificates.get((enrolment.pk, module.pk))
            minutes = outcome.on_site_minutes + outcome.remote_minutes + outcome.placement_minutes
            missing = () if certificate else tuple(what_is_missing(outcome))
            lines.append(ModuleLine(enrolment, module, certificate, minutes, missing))
    return lines


def certificate_faults() -> Iterator[str]:
    """One French sentence for each certificate that no longer rests on what it quotes (INV-17, INV-19)."""
    for certificate in CompletionCertificate.objects.prefetch_related("evidence_links__evidence").iterator(
        500
    ):
        if canonical.sha256(certificate.context) != certificate.context_hash:
            yield f"Certificat {certificate.number}\u00a0: contenu figé altéré."
            continue
        quoted = {line["id"]: line for line in json.loads(certificate.context)["evidence"]}
        linked = {link.evidence_id: link.evidence for link in certificate.evidence_links.all()}
        if quoted.keys() != linked.keys():
            yield f"Certificat {certificate.number}\u00a0: les preuves citées ne sont pas celles qui lui sont liées."
        elif any(linked[pk].seal != line["seal"] for pk, line in quoted.items()):
            yield f"Certificat {certificate.number}\u00a0: une preuve citée a changé d’empreinte."
        elif any(proof.evidence_class not in {"E1", "E2"} for proof in linked.values()):
            yield f"Certificat {certificate.number}\u00a0: il repose sur une preuve qui ne prouve pas de durée."
        elif sum(proof.minutes for proof in linked.values()) != certificate.minutes:
            yield f"Certificat {certificate.number}\u00a0: sa durée n’est pas celle de ses preuves."
