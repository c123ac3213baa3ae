"""The verbs: publish, enrol, prove, offer and accept a version."""

from .enrol import enrol
from .progress import lock_enrolment, read_lesson, record_evidence, refresh_progress
from .publish import modules_of, publish_path_version
from .versions import adopt_version, offer_version

__all__ = [
    "adopt_version",
    "enrol",
    "lock_enrolment",
    "modules_of",
    "offer_version",
    "publish_path_version",
    "read_lesson",
    "record_evidence",
    "refresh_progress",
]
