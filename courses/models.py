"""The door, classes: for foreign keys and reading."""

from courses.assessment.models import QuizAttempt, QuizVersion
from courses.attendance.models import (
    AttendanceMark,
    AttendanceSheet,
    PlacementAttestation,
    SessionRegistration,
    Signature,
)
from courses.audit.models import AuditChain, AuditEntry
from courses.catalogue.models import Activity, Module, TrainingSession
from courses.feedback.models import SurveyAnswer, SurveyParticipation
from courses.outbox.models import IdempotencyKey, OutboxEntry
from courses.pathways.models import (
    Enrolment,
    Evidence,
    ModuleProgress,
    Path,
    PathVersion,
    VersionAdoption,
    VersionOffer,
)
from courses.people.models import (
    Accommodation,
    Adviser,
    Committee,
    Departement,
    HostStructure,
    Membership,
    Organisation,
    Post,
    PostAssignment,
    PostAttachment,
    RecordShare,
    TrainingOrganisation,
    User,
)
from courses.shared.models import StoredFile
from courses.xapi.models import (
    ActivityDefinition,
    DeadLetter,
    ExternalStore,
    LrsKey,
    QuarantineEntry,
    Statement,
    StatementActivity,
    StatementActor,
    StatementAttachment,
    StatementErasure,
    StoreHead,
    XapiActivity,
    XapiActor,
    XapiDocument,
    XapiProgress,
    XapiVerb,
)

__all__ = [
    "Accommodation", "Activity", "ActivityDefinition", "Adviser", "AttendanceMark", "AttendanceSheet",
    "AuditChain", "AuditEntry", "Committee", "DeadLetter", "Departement", "Enrolment", "Evidence",
    "ExternalStore", "HostStructure", "IdempotencyKey", "LrsKey", "Membership", "Module", "ModuleProgress",
    "Organisation", "OutboxEntry", "Path", "PathVersion", "PlacementAttestation", "Post", "PostAssignment",
    "PostAttachment", "QuarantineEntry", "QuizAttempt", "QuizVersion", "RecordShare", "SessionRegistration",
    "Signature", "Statement", "StatementActivity", "StatementActor", "StatementAttachment",
    "StatementErasure", "StoreHead", "StoredFile", "SurveyAnswer", "SurveyParticipation",
    "TrainingOrganisation", "TrainingSession", "User", "VersionAdoption", "VersionOffer", "XapiActivity",
    "XapiActor", "XapiDocument", "XapiProgress", "XapiVerb",
]  # fmt: skip
