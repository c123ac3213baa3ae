"""The door, functions: what the floors above may do and ask. Each room adds its own lines."""

from courses import audit, outbox
from courses.assessment.errors import AnswersError, QuizContentError, QuizFrozenError, QuizNotInPathError
from courses.assessment.queries import answered_questions, best_attempt, content_of, quiz_for_learner, quiz_of
from courses.assessment.rules import Choice, Question, QuizContent, quiz_hash
from courses.assessment.services import freeze_quiz, grade_attempt
from courses.attendance.enums import AbsenceReason, HalfDay, Presence, SheetState
from courses.attendance.errors import (
    AlreadySignedError,
    IncompleteSheetError,
    NotTheSignerError,
    PresentElsewhereError,
    SheetClosedError,
    SheetError,
    SigningWindowError,
)
from courses.attendance.queries.learners import marks_to_sign, next_registrations
from courses.attendance.queries.screens import missing_of as missing_to_close
from courses.attendance.queries.verification import impossible_minutes, overlapping_presences, verify_sheets
from courses.attendance.services import (
    attest_placement,
    close_sheet,
    mark_absence,
    open_sheet,
    register_learner,
    sign_as_trainer,
    sign_presence,
)
from courses.audit.enums import ACTIONS, Chain
from courses.audit.queries import Breach, entry_is_intact, heads, sealed_models
from courses.audit.queries import verify as verify_audit
from courses.catalogue.enums import ActivityKind, SessionMode
from courses.catalogue.services import SessionError, open_session, upsert_activity, upsert_module
from courses.outbox.idempotency import idempotent
from courses.outbox.services import drain, handles, reconcile, resend
from courses.pathways.enums import EnrolmentSource, EvidenceKind, ModuleState, PathKind
from courses.pathways.errors import (
    AlreadyEnrolledError,
    EvidenceConflictError,
    NotInPathError,
    NotYourEnrolmentError,
    StructureError,
    UnprovedMinutesError,
)
from courses.pathways.evidence import EvidenceFact
from courses.pathways.queries import (
    evidence_values,
    missing_for_enrolment,
    missing_for_module,
    module_outcome,
    progress_of,
    structure_of,
)
from courses.pathways.rebuild import RebuildReport, rebuild
from courses.pathways.rules import EvidenceValue, Missing, ModuleOutcome, module_outcome_from
from courses.pathways.services import (
    enrol,
    modules_of,
    publish_path_version,
    read_lesson,
    record_evidence,
    refresh_progress,
)
from courses.pathways.structure import ActivityStructure, ModuleStructure, PathStructure
from courses.people.enums import (
    NATIONAL_READERS,
    TRAINING_STAFF,
    AwardStatus,
    LegalKind,
    OrganisationKind,
    Role,
)
from courses.people.errors import CommitteeFileError, IdentityError, PostConflictError, RoleError
from courses.people.queries import adviser_in_post, host_structure_of
from courses.people.rules import CommitteeLine, read_committee_file
from courses.people.services import (
    Award,
    assign_post,
    attach_post,
    create_adviser,
    create_host_structure,
    create_organisation,
    create_training_organisation,
    create_user,
    end_role,
    grant_role,
    import_committee,
    load_departements,
    record_committee,
    release_post,
)
from courses.xapi.enums import PROVING, EvidenceClass, Scope
from courses.xapi.errors import CredentialError, ScopeError, StatementConflictError, StatementError
from courses.xapi.rules import Authority
from courses.xapi.services import create_lrs_key, ingest, record_statement, revoke_lrs_key
from courses.xapi.vocabulary import ACTIVITY_TYPES, VERBS

__all__ = [
    # audit and outbox
    "ACTIONS", "Breach", "Chain", "audit", "drain", "entry_is_intact", "handles", "heads", "idempotent", "outbox", "reconcile", "resend",
    "sealed_models", "verify_audit",
    # people
    "NATIONAL_READERS", "TRAINING_STAFF", "Award", "AwardStatus", "CommitteeFileError", "CommitteeLine",
    "IdentityError", "LegalKind", "OrganisationKind", "PostConflictError", "Role", "RoleError",
    "adviser_in_post", "assign_post", "attach_post", "create_adviser", "create_host_structure",
    "create_organisation", "create_training_organisation", "create_user", "end_role", "grant_role",
    "host_structure_of", "import_committee", "load_departements", "read_committee_file", "record_committee",
    "release_post",
    # pathways
    "evidence_values",
    "ActivityStructure", "AlreadyEnrolledError", "EnrolmentSource", "EvidenceConflictError", "EvidenceFact",
    "EvidenceKind", "EvidenceValue", "Missing", "ModuleOutcome", "ModuleState", "ModuleStructure", "NotInPathError",
    "NotYourEnrolmentError", "PathKind", "PathStructure", "RebuildReport", "StructureError", "UnprovedMinutesError",
    "enrol", "missing_for_enrolment", "missing_for_module", "module_outcome", "module_outcome_from", "modules_of",
    "progress_of", "publish_path_version", "read_lesson", "rebuild", "record_evidence", "refresh_progress",
    "structure_of",
    # assessment
    "AnswersError", "Choice", "Question", "QuizContent", "QuizContentError", "QuizFrozenError", "QuizNotInPathError",
    "answered_questions", "best_attempt", "content_of", "freeze_quiz", "grade_attempt", "quiz_for_learner",
    "quiz_hash", "quiz_of",
    # attendance
    "AbsenceReason", "AlreadySignedError", "HalfDay", "IncompleteSheetError", "NotTheSignerError", "Presence",
    "PresentElsewhereError", "SheetClosedError", "SheetError", "SheetState", "SigningWindowError", "attest_placement",
    "close_sheet", "impossible_minutes", "mark_absence", "marks_to_sign", "missing_to_close", "next_registrations",
    "open_sheet", "overlapping_presences", "register_learner", "sign_as_trainer", "sign_presence", "verify_sheets",
    # xapi
    "ACTIVITY_TYPES", "PROVING", "VERBS", "Authority", "CredentialError", "EvidenceClass", "Scope", "ScopeError",
    "StatementConflictError", "StatementError", "create_lrs_key", "ingest", "record_statement", "revoke_lrs_key",
    # catalogue
    "ActivityKind", "SessionError", "SessionMode", "open_session", "upsert_activity", "upsert_module",
]  # fmt: skip
