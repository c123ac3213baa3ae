"""What the beat does, and how often (seconds)."""

SCHEDULE = {
    # The sweep: work whose doorbell was lost, or whose worker was killed.
    "outbox-sweep": {"task": "outbox.drain", "schedule": 5, "options": {"expires": 5}},
    # Progress that statements tell, when it is not counted as they are stored (LMS_XAPI_PROGRESS).
    "xapi-count": {"task": "xapi.count", "schedule": 5, "options": {"expires": 5}},
    # What other systems' stores have not received yet.
    "xapi-forward": {"task": "xapi.forward", "schedule": 10, "options": {"expires": 10}},
    # Pages whose day of publication, or of withdrawal, has come.
    "content-dates": {"task": "cms.publish_scheduled", "schedule": 60, "options": {"expires": 60}},
}
