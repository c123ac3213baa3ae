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
    LrsKey,
    Statement,
    StatementActivity,
    StatementActor,
    XapiActivity,
    XapiActor,
    XapiVerb,
)

__all__ = [
    "Activity", "Adviser", "AttendanceMark", "AttendanceSheet", "AuditChain", "AuditEntry", "Committee",
    "Departement", "Enrolment", "Evidence", "HostStructure", "IdempotencyKey", "LrsKey", "Membership", "Module",
    "ModuleProgress", "Organisation", "OutboxEntry", "Path", "PathVersion", "PlacementAttestation", "Post",
    "PostAssignment", "PostAttachment", "QuizAttempt", "QuizVersion", "SessionRegistration", "Signature",
    "Statement", "StatementActivity", "StatementActor", "StoredFile", "TrainingOrganisation", "TrainingSession",
    "User", "XapiActivity", "XapiActor", "XapiVerb",
]  # fmt: skip
