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
from certification.credentials.qr import qr_svg
from certification.credentials.rules import CertificationStatus, Part, Proof
from certification.credentials.services import issue_credential, revoke_credential
from certification.credentials.status import (
    certification_rule,
    certification_status,
    certified_advisers,
    status_from,
    status_lists,
)
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
from certification.programme.queries import (
    FundableLengths,
    PathLength,
    RightPreview,
    RulesInForce,
    fundable_lengths,
    length_of,
    preview_right,
    preview_rights,
    rules_on,
)
from certification.programme.rules import ProgrammeRules
from certification.programme.services import enrol_adviser, load_rules
from certification.qualifications.errors import ReferenceDataError, UnknownBlockError
from certification.qualifications.queries import block, blocks_on
from certification.qualifications.services import load_qualifications

__all__ = [
    "FUNDING_INVARIANTS", "JURY_INVARIANTS", "AlreadyDecidedError", "AlreadyEnrolledError",
    "AlteredContextError", "AppointmentError", "Appraisal", "AppraisalError", "BarredMemberError",
    "CandidacyError", "CandidacyExistsError", "CandidacyRoute", "CertificateExistsError",
    "CertificationState", "CertificationStatus", "ClaimContentError", "ClaimState", "ClaimableLine",
    "CorrectionError", "CredentialExistsError", "EvidenceAlreadyClaimedError", "ExamSessionError",
    "FoundingFigure", "FundableLengths", "LedgerError", "LedgerKind", "ModuleLine", "NoRuleError", "NotAMemberError",
    "NotCertifiedError", "NotFundedError", "NotProvedError", "OrderExceededError", "Outcome", "Part",
    "PartState", "PathLength", "PixOrigin", "PixResultError", "PixResultExistsError", "PixStatus", "PostGroup",
    "PriceError", "PriceItem", "ProgrammeRules", "Proof", "QuorumError", "ReferenceDataError", "ReportError",
    "RevocationError", "RevocationReason", "RightKind", "RightPreview", "RulesInForce",
    "SeparationOfDutiesError", "StaleProofError", "SummonsError", "UnknownBlockError", "Verification",
    "VerificationState", "accepted_cents", "amount", "appoint_member", "block", "blocks_on", "build_claim",
    "cancel_claim", "certificate_faults", "certification_rule", "certification_status", "certified_advisers",
    "certify_service", "claimable", "close_report", "correct_decision", "declare_conflict", "enrol_adviser",
    "false_credentials", "founding_figures", "fundable_lengths", "give_opinion", "grant_post_subsidy",
    "issue_certificate",
    "issue_credential", "length_of", "lines_file", "lines_with_proof", "load_founding_figures", "load_qualifications",
    "load_rules", "module_lines", "open_candidacy", "open_exam_session", "pay_claim", "post_groups",
    "posts_visible_to", "posts_with_money", "preview_right", "preview_rights", "qr_svg",
    "record_contract", "record_envelope",
    "record_order", "record_pix_result", "render_document", "return_claim", "reverse_transaction",
    "revoke_credential", "rules_on", "set_price", "sign_decision", "status_from",
    "status_lists", "submit_claim", "summon",
    "validate_report", "verify_code", "weak_certifications",
]  # fmt: skip
