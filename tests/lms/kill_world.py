"""The world that the kills happen in: run as a script in an instance's environment, it fills its database.

    python -m tests.lms.kill_world LEARNERS

prints, as JSON, who may sign in, what they may do, and the key of another system.
"""

import json
import sys
from typing import Any

import django

PASSWORD = "essai-sans-danger-2026"


def main(learners: int) -> dict[str, Any]:
    """One organisation; learners with all their proofs, none of whom has his certificate yet."""
    from django.db import transaction
    from django.urls import reverse

    from courses import api as courses
    from courses.models import QuizVersion
    from tests.factories import NOON, root
    from tests.world import MONDAY, Line, Organisation, right_answers

    with transaction.atomic():
        organisation = Organisation()
        lines = [Line(organisation, until="train") for _ in range(learners)]
        for user in (organisation.manager, lines[0].adviser.user):
            user.set_password(PASSWORD)
            user.save()
        key, secret = courses.create_lrs_key(
            organisation=organisation.training, scopes=[], actor=root(), at=NOON
        )
    quiz = QuizVersion.objects.get()
    return {
        "manager": organisation.manager.username,
        "learner": lines[0].adviser.user.username,
        "quiz": reverse("quiz", args=[lines[0].enrolment.registration, quiz.activity.public_id]),
        "answers": {f"q-{question}": ticked for question, ticked in right_answers(quiz).items()},
        "certificates": [{"enrolment": line.enrolment.pk, "module": line.module.pk} for line in lines],
        "claim": {"order": organisation.order.pk, "start": MONDAY.isoformat(), "end": "2026-03-31"},
        "lrs": [key.key, secret],
    }


if __name__ == "__main__":
    django.setup()
    print(json.dumps(main(int(sys.argv[1]))))  # noqa: T201
