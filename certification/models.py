"""The door, classes: for foreign keys and reading."""

from certification.candidacies.models import Candidacy, PixResult
from certification.completion.models import CertificateEvidence, CompletionCertificate, CompletionDocument
from certification.credentials.models import Credential, CredentialDocument, CredentialRevocation
from certification.funding.models import (
    Claim,
    ClaimLine,
    ClaimReturn,
    Contract,
    Envelope,
    LedgerEntry,
    LedgerTransaction,
    Lot,
    Payment,
    PostSubsidy,
    PurchaseOrder,
    ServiceCertification,
    UnitPrice,
)
from certification.juries.models import (
    ConflictOfInterest,
    ExamSession,
    JuryDecision,
    JuryMember,
    JuryOpinion,
    JuryReport,
    ReportValidation,
    Sitting,
)
from certification.programme.models import FundingRight, RuleSet
from certification.qualifications.models import Competency, CompetencyBlock, Qualification

__all__ = [
    "Candidacy", "CertificateEvidence", "Claim", "ClaimLine", "ClaimReturn", "Competency", "CompetencyBlock",
    "CompletionCertificate", "CompletionDocument", "ConflictOfInterest", "Contract", "Credential",
    "CredentialDocument", "CredentialRevocation", "Envelope", "ExamSession", "FundingRight", "JuryDecision",
    "JuryMember", "JuryOpinion", "JuryReport", "LedgerEntry", "LedgerTransaction", "Lot", "Payment", "PixResult",
    "PostSubsidy", "PurchaseOrder", "Qualification", "ReportValidation", "RuleSet", "ServiceCertification",
    "Sitting", "UnitPrice",
]  # fmt: skip
