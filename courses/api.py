"""The door, functions: what the floors above may do and ask. Each room adds its own lines."""

from courses import audit, outbox
from courses.audit.queries import Breach, heads, sealed_models
from courses.audit.queries import verify as verify_audit
from courses.catalogue.enums import ActivityKind, SessionMode
from courses.catalogue.services import SessionError, open_session, upsert_activity, upsert_module
from courses.outbox.idempotency import idempotent
from courses.outbox.services import drain, handles, reconcile, resend
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

__all__ = [
    # audit and outbox
    "Breach", "audit", "drain", "handles", "heads", "idempotent", "outbox", "reconcile", "resend",
    "sealed_models", "verify_audit",
    # people
    "NATIONAL_READERS", "TRAINING_STAFF", "Award", "AwardStatus", "CommitteeFileError", "CommitteeLine",
    "IdentityError", "LegalKind", "OrganisationKind", "PostConflictError", "Role", "RoleError",
    "adviser_in_post", "assign_post", "attach_post", "create_adviser", "create_host_structure",
    "create_organisation", "create_training_organisation", "create_user", "end_role", "grant_role",
    "host_structure_of", "import_committee", "load_departements", "read_committee_file", "record_committee",
    "release_post",
    # catalogue
    "ActivityKind", "SessionError", "SessionMode", "open_session", "upsert_activity", "upsert_module",
]  # fmt: skip
