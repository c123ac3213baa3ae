"""What the beat does, and how often (seconds)."""

SCHEDULE = {
    # The sweep: work whose doorbell was lost, or whose worker was killed.
    "outbox-sweep": {"task": "outbox.drain", "schedule": 5, "options": {"expires": 5}},
}
