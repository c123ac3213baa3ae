"""The door, functions: what the floors above may do and ask. Each room adds its own lines."""

from certification.candidacies.enums import CandidacyRoute, PixOrigin, PixStatus
from certification.candidacies.errors import (
    CandidacyError,
    CandidacyExistsError,
    PixResultError,
    PixResultExistsError,
)
from certification.candidacies.services import open_candidacy, record_pix_result
from certification.completion.errors import AlteredContextError, CertificateExistsError, NotProvedError
from certification.completion.queries import ModuleLine, certificate_faults, module_lines
from certification.completion.services import issue_certificate, render_document
from certification.credentials.enums import CertificationState, PartState, RevocationReason, VerificationState
from certification.credentials.errors import CredentialExistsError, NotCertifiedError, RevocationError
from certification.credentials.invariants import false_credentials, weak_certifications
from certification.credentials.rules import CertificationStatus, Part, Proof
from certification.credentials.services import issue_credential, revoke_credential
from certification.credentials.status import certification_rule, certification_status, certified_advisers
from certification.credentials.verification import Verification, verify_code
from certification.funding.enums import ClaimState, LedgerKind, PriceItem
from certification.funding.errors import (
    ClaimContentError,
    EvidenceAlreadyClaimedError,
    LedgerError,
    OrderExceededError,
    PriceError,
    SeparationOfDutiesError,
    StaleProofError,
)
from certification.funding.invariants import INVARIANTS as FUNDING_INVARIANTS
from certification.funding.permissions import posts_visible_to
from certification.funding.queries import (
    ClaimableLine,
    FoundingFigure,
    PostGroup,
    accepted_cents,
    claimable,
    founding_figures,
    lines_file,
    lines_with_proof,
    post_groups,
    posts_with_money,
)
from certification.funding.rules import amount
from certification.funding.services import (
    build_claim,
    cancel_claim,
    certify_service,
    grant_post_subsidy,
    load_founding_figures,
    pay_claim,
    record_contract,
    record_envelope,
    record_order,
    return_claim,
    reverse_transaction,
    set_price,
    submit_claim,
)
from certification.juries.enums import Appraisal, Outcome
from certification.juries.errors import (
    AlreadyDecidedError,
    AppointmentError,
    AppraisalError,
    BarredMemberError,
    CorrectionError,
    ExamSessionError,
    NotAMemberError,
    QuorumError,
    ReportError,
    SummonsError,
)
from certification.juries.invariants import INVARIANTS as JURY_INVARIANTS
from certification.juries.services import (
    appoint_member,
    close_report,
    correct_decision,
    declare_conflict,
    give_opinion,
    open_exam_session,
    sign_decision,
    summon,
    validate_report,
)
from certification.programme.enums import RightKind
from certification.programme.errors import AlreadyEnrolledError, NoRuleError, NotFundedError
from certification.programme.queries import RightPreview, RulesInForce, preview_right, rules_on
from certification.programme.rules import ProgrammeRules
from certification.programme.services import enrol_adviser, load_rules
from certification.qualifications.errors import ReferenceDataError, UnknownBlockError
from certification.qualifications.queries import block, blocks_on
from certification.qualifications.services import load_qualifications

__all__ = [
    # qualifications and programme
    "AlreadyEnrolledError", "NoRuleError", "NotFundedError", "ProgrammeRules", "ReferenceDataError", "RightKind",
    "RightPreview", "RulesInForce", "UnknownBlockError", "block", "blocks_on", "enrol_adviser",
    "load_qualifications", "load_rules", "preview_right", "rules_on",
    # completion and candidacies
    "AlteredContextError", "CandidacyError", "CandidacyExistsError", "CandidacyRoute", "CertificateExistsError",
    "ModuleLine", "NotProvedError", "PixOrigin", "PixResultError", "PixResultExistsError", "PixStatus",
    "certificate_faults", "issue_certificate", "module_lines", "open_candidacy", "record_pix_result",
    "render_document",
    # juries
    "AlreadyDecidedError", "AppointmentError", "Appraisal", "AppraisalError", "BarredMemberError",
    "CorrectionError", "ExamSessionError",
    "JURY_INVARIANTS", "NotAMemberError", "Outcome", "QuorumError", "ReportError",
    "SummonsError", "appoint_member", "close_report", "correct_decision", "declare_conflict", "give_opinion",
    "open_exam_session", "sign_decision", "summon", "validate_report",
    # credentials
    "CertificationState", "CertificationStatus", "CredentialExistsError", "NotCertifiedError", "Part",
    "PartState", "Proof", "RevocationError", "RevocationReason", "Verification", "VerificationState",
    "certification_rule", "certification_status", "certified_advisers", "false_credentials", "weak_certifications",
    "issue_credential", "revoke_credential", "verify_code",
    # funding
    "FUNDING_INVARIANTS", "ClaimContentError", "ClaimState", "ClaimableLine", "EvidenceAlreadyClaimedError",
    "FoundingFigure", "LedgerError", "LedgerKind", "OrderExceededError", "PostGroup", "PriceError", "PriceItem",
    "SeparationOfDutiesError", "StaleProofError", "accepted_cents", "amount", "build_claim", "cancel_claim",
    "certify_service", "claimable", "founding_figures", "grant_post_subsidy", "lines_file", "lines_with_proof",
    "load_founding_figures", "pay_claim", "post_groups", "posts_visible_to", "posts_with_money", "record_contract",
    "record_envelope", "record_order", "return_claim", "reverse_transaction", "set_price", "submit_claim",
]  # fmt: skip
