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
from courses.catalogue.enums import ActivityKind, Level, Mission, SessionMode, Theme
from courses.catalogue.services import SessionError, open_session, upsert_activity, upsert_module
from courses.feedback.enums import Moment
from courses.feedback.errors import AlreadyAnsweredError, SurveyMarksError
from courses.feedback.queries import (
    DueSurvey,
    Satisfaction,
    due_surveys,
    has_answered,
    participations,
    published_blocks,
    published_comments,
    satisfaction_of,
)
from courses.feedback.questionnaire import Questionnaire, Surveys, surveys
from courses.feedback.rules import Block, Marks, moment_of, summed
from courses.feedback.services import answer_survey
from courses.outbox.idempotency import idempotent
from courses.outbox.services import drain, handles, reconcile, resend
from courses.pathways.bookmarks import Bookmark, bookmark_of, keep_bookmark
from courses.pathways.enums import EnrolmentSource, EvidenceKind, ModuleState, PathKind, SetRule
from courses.pathways.errors import (
    AlreadyEnrolledError,
    EvidenceConflictError,
    LockedModuleError,
    NotInPathError,
    NotYourEnrolmentError,
    StructureError,
    UnprovedMinutesError,
    VersionRefusedError,
)
from courses.pathways.evidence import EvidenceFact
from courses.pathways.faults import faults as structure_faults
from courses.pathways.impact import Impact, change_for, impact_of
from courses.pathways.lists import enrolment_lists, enrolments_from
from courses.pathways.outcome import path_outcome, path_outcomes, pending_offer
from courses.pathways.permissions import accommodations_visible_to
from courses.pathways.queries import (
    evidence_values,
    missing_for_enrolment,
    missing_for_module,
    module_outcome,
    modules_followed,
    progress_of,
    structure_of,
    version_on,
)
from courses.pathways.rebuild import RebuildReport, rebuild
from courses.pathways.results import PathResults, path_results
from courses.pathways.rules import (
    Change,
    EvidenceValue,
    Missing,
    ModuleOutcome,
    ModuleStanding,
    PathOutcome,
    module_outcome_from,
    path_outcome_from,
)
from courses.pathways.services import (
    adopt_version,
    enrol,
    modules_of,
    offer_version,
    publish_path_version,
    read_lesson,
    record_evidence,
    refresh_progress,
)
from courses.pathways.structure import ActivityStructure, Item, ModuleStructure, PathStructure, SetStructure
from courses.people.accommodations import declare_accommodation, end_accommodation
from courses.people.enums import (
    NATIONAL_READERS,
    TRAINING_STAFF,
    AccommodationKind,
    AwardStatus,
    LegalKind,
    OrganisationKind,
    Role,
    ShareScope,
)
from courses.people.errors import CommitteeFileError, IdentityError, PostConflictError, RoleError
from courses.people.permissions import signed_in
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
from courses.people.sharing import (
    LIFETIMES,
    create_share,
    is_open,
    note_reading,
    revoke_share,
    share_of,
    shares_visible_to,
)
from courses.xapi.enums import PROVING, EvidenceClass, Scope
from courses.xapi.errors import CredentialError, ScopeError, StatementConflictError, StatementError
from courses.xapi.forwarding.services import create_external_store, forward_all
from courses.xapi.forwarding.services import set_active as set_external_store_active
from courses.xapi.ingest import ingest
from courses.xapi.integrity import authority_faults, statement_faults
from courses.xapi.keys import create_lrs_key, revoke_lrs_key
from courses.xapi.retention import due as statements_due
from courses.xapi.retention import erase as erase_statements
from courses.xapi.rules import Authority
from courses.xapi.services import record_statement, void_statement
from courses.xapi.vocabulary import ACTIVITY_TYPES, VERBS

__all__ = [
    "ACTIONS",
    "ACTIVITY_TYPES",
    "LIFETIMES",
    "NATIONAL_READERS",
    "PROVING",
    "TRAINING_STAFF",
    "VERBS",
    "AbsenceReason",
    "AccommodationKind",
    "ActivityKind",
    "ActivityStructure",
    "AlreadyAnsweredError",
    "AlreadyEnrolledError",
    "AlreadySignedError",
    "AnswersError",
    "Authority",
    "Award",
    "AwardStatus",
    "Block",
    "Bookmark",
    "Breach",
    "Chain",
    "Change",
    "Choice",
    "CommitteeFileError",
    "CommitteeLine",
    "CredentialError",
    "DueSurvey",
    "EnrolmentSource",
    "EvidenceClass",
    "EvidenceConflictError",
    "EvidenceFact",
    "EvidenceKind",
    "EvidenceValue",
    "HalfDay",
    "IdentityError",
    "Impact",
    "IncompleteSheetError",
    "Item",
    "LegalKind",
    "Level",
    "LockedModuleError",
    "Marks",
    "Missing",
    "Mission",
    "ModuleOutcome",
    "ModuleStanding",
    "ModuleState",
    "ModuleStructure",
    "Moment",
    "NotInPathError",
    "NotTheSignerError",
    "NotYourEnrolmentError",
    "OrganisationKind",
    "PathKind",
    "PathOutcome",
    "PathResults",
    "PathStructure",
    "PostConflictError",
    "Presence",
    "PresentElsewhereError",
    "Question",
    "Questionnaire",
    "QuizContent",
    "QuizContentError",
    "QuizFrozenError",
    "QuizNotInPathError",
    "RebuildReport",
    "Role",
    "RoleError",
    "Satisfaction",
    "Scope",
    "ScopeError",
    "SessionError",
    "SessionMode",
    "SetRule",
    "SetStructure",
    "ShareScope",
    "SheetClosedError",
    "SheetError",
    "SheetState",
    "SigningWindowError",
    "StatementConflictError",
    "StatementError",
    "StructureError",
    "SurveyMarksError",
    "Surveys",
    "Theme",
    "UnprovedMinutesError",
    "VersionRefusedError",
    "accommodations_visible_to",
    "adopt_version",
    "adviser_in_post",
    "answer_survey",
    "answered_questions",
    "assign_post",
    "attach_post",
    "attest_placement",
    "audit",
    "authority_faults",
    "best_attempt",
    "bookmark_of",
    "change_for",
    "close_sheet",
    "content_of",
    "create_adviser",
    "create_external_store",
    "create_host_structure",
    "create_lrs_key",
    "create_organisation",
    "create_share",
    "create_training_organisation",
    "create_user",
    "declare_accommodation",
    "drain",
    "due_surveys",
    "end_accommodation",
    "end_role",
    "enrol",
    "enrolment_lists",
    "enrolments_from",
    "entry_is_intact",
    "erase_statements",
    "evidence_values",
    "forward_all",
    "freeze_quiz",
    "grade_attempt",
    "grant_role",
    "handles",
    "has_answered",
    "heads",
    "host_structure_of",
    "idempotent",
    "impact_of",
    "import_committee",
    "impossible_minutes",
    "ingest",
    "is_open",
    "keep_bookmark",
    "load_departements",
    "mark_absence",
    "marks_to_sign",
    "missing_for_enrolment",
    "missing_for_module",
    "missing_to_close",
    "module_outcome",
    "module_outcome_from",
    "modules_followed",
    "modules_of",
    "moment_of",
    "next_registrations",
    "note_reading",
    "offer_version",
    "open_session",
    "open_sheet",
    "outbox",
    "overlapping_presences",
    "participations",
    "path_outcome",
    "path_outcome_from",
    "path_outcomes",
    "path_results",
    "pending_offer",
    "progress_of",
    "publish_path_version",
    "published_blocks",
    "published_comments",
    "quiz_for_learner",
    "quiz_hash",
    "quiz_of",
    "read_committee_file",
    "read_lesson",
    "rebuild",
    "reconcile",
    "record_committee",
    "record_evidence",
    "record_statement",
    "refresh_progress",
    "register_learner",
    "release_post",
    "resend",
    "revoke_lrs_key",
    "revoke_share",
    "satisfaction_of",
    "sealed_models",
    "set_external_store_active",
    "share_of",
    "shares_visible_to",
    "sign_as_trainer",
    "sign_presence",
    "signed_in",
    "statement_faults",
    "statements_due",
    "structure_faults",
    "structure_of",
    "summed",
    "surveys",
    "upsert_activity",
    "upsert_module",
    "verify_audit",
    "verify_sheets",
    "version_on",
    "void_statement",
]  # fmt: skip
