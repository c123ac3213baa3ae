"""The kinds of rows that the workbench opens, each with the way that leads to the person it concerns."""

from dataclasses import dataclass

from django.db import models

from certification import models as certification
from courses import models as courses


@dataclass(frozen=True)
class FactKind:
    """One kind of row: its model and the lookups that reach the adviser (none: national readers only)."""

    model: type[models.Model]
    advisers: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """As the address writes it."""
        return self.model._meta.label_lower

    @property
    def title(self) -> str:
        name = str(self.model._meta.verbose_name)
        return name[:1].upper() + name[1:]


_KINDS = (
    FactKind(courses.PostAssignment, ("adviser",)),
    FactKind(courses.PostAttachment, ("post__assignments__adviser",)),
    FactKind(courses.Enrolment, ("adviser",)),
    FactKind(courses.PathVersion, ("enrolments__adviser",)),
    FactKind(courses.VersionAdoption, ("enrolment__adviser",)),
    FactKind(courses.Evidence, ("enrolment__adviser",)),
    FactKind(courses.QuizAttempt, ("enrolment__adviser",)),
    FactKind(courses.PlacementAttestation, ("enrolment__adviser",)),
    FactKind(courses.Signature, ("mark__adviser",)),
    FactKind(courses.AttendanceSheet, ("marks__adviser",)),
    FactKind(certification.FundingRight, ("adviser",)),
    FactKind(certification.CompletionCertificate, ("enrolment__adviser",)),
    FactKind(certification.Candidacy, ("adviser",)),
    FactKind(certification.PixResult, ("candidacy__adviser",)),
    FactKind(certification.Sitting, ("candidacy__adviser",)),
    FactKind(certification.JuryDecision, ("sitting__candidacy__adviser",)),
    FactKind(certification.JuryReport),
    FactKind(certification.ReportValidation),
    FactKind(certification.Credential, ("adviser",)),
    FactKind(certification.CredentialRevocation, ("credential__adviser",)),
    FactKind(certification.ClaimLine),
    FactKind(certification.ServiceCertification),
    FactKind(certification.Payment),
    FactKind(certification.PostSubsidy),
)

FACTS: dict[str, FactKind] = {kind.label: kind for kind in _KINDS}
