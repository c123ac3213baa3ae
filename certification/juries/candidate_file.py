"""What a jury reads of a candidate: the path followed, the proved hours, the certificates, the evidence."""

from collections import Counter
from dataclasses import dataclass, field

from certification.candidacies.models import Candidacy
from certification.completion.models import CompletionCertificate
from courses import api as training
from courses.models import Enrolment, Evidence, ModuleProgress


@dataclass(frozen=True)
class CandidateFile:
    """The file of one candidate; empty of training when he comes by experience (VAE)."""

    candidacy: Candidacy
    enrolment: Enrolment | None = None
    progress: list[ModuleProgress] = field(default_factory=list)
    certificates: list[CompletionCertificate] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)

    @property
    def proved_minutes(self) -> int:
        return sum(module.proved_minutes for module in self.progress)

    @property
    def required_minutes(self) -> int:
        return sum(module.required_minutes for module in self.progress)

    @property
    def by_class(self) -> list[tuple[str, int]]:
        """Class of proof → how many."""
        return sorted(Counter(proof.evidence_class for proof in self.evidence).items())


def candidate_file(candidacy: Candidacy) -> CandidateFile:
    """Everything the jury may read of a candidate, in the order it happened."""
    enrolment = candidacy.enrolment
    if enrolment is None:
        return CandidateFile(candidacy)
    certificates = CompletionCertificate.objects.known().filter(enrolment=enrolment).select_related("module")
    evidence = Evidence.objects.known().filter(enrolment=enrolment).select_related("activity", "module")
    return CandidateFile(
        candidacy=candidacy,
        enrolment=enrolment,
        progress=list(training.progress_of(enrolment)),
        certificates=list(certificates.order_by("valid_on", "pk")),
        evidence=list(evidence.exclude(evidence_class="E0").order_by("valid_on", "pk")),
    )
