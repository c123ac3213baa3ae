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
from courses.outbox.models import IdempotencyKey, OutboxEntry
from courses.pathways.models import Enrolment, Evidence, ModuleProgress, Path, PathVersion
from courses.people.models import (
    Adviser,
    Committee,
    Departement,
    HostStructure,
    Membership,
    Organisation,
    Post,
    PostAssignment,
    PostAttachment,
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
    "Activity", "ActivityDefinition", "Adviser", "AttendanceMark", "AttendanceSheet", "AuditChain",
    "AuditEntry", "Committee", "DeadLetter", "Departement", "Enrolment", "Evidence", "ExternalStore",
    "HostStructure", "IdempotencyKey", "LrsKey", "Membership", "Module", "ModuleProgress", "Organisation",
    "OutboxEntry", "Path", "PathVersion", "PlacementAttestation", "Post", "PostAssignment",
    "PostAttachment", "QuarantineEntry", "QuizAttempt", "QuizVersion", "SessionRegistration", "Signature",
    "Statement", "StatementActivity", "StatementActor", "StatementAttachment", "StatementErasure",
    "StoreHead", "StoredFile", "TrainingOrganisation", "TrainingSession", "User", "XapiActivity",
    "XapiActor", "XapiDocument", "XapiProgress", "XapiVerb",
]  # fmt: skip
