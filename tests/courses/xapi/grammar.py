"""How a table of grammar is run: what is right is sent as one batch, what is wrong piece by piece."""

from uuid import uuid4

from courses.models import Statement

from .caller import BOTH, Caller, data
from .tables import Grammar


def accepted(requirements, sentence, *statements, versions=BOTH):
    return Grammar(requirements, sentence, True, statements, versions)


def refused(requirements, sentence, *statements, versions=BOTH):
    return Grammar(requirements, sentence, False, statements, versions)


def judge(case, version):
    """What the store said otherwise than the table; it keeps what it accepts, and nothing else."""
    caller = Caller(version=version)
    first, pieces = case.statements[0], case.statements
    answers = [(caller.put("statements", first, {"statementId": _id_of(first)}), 204, first)]
    if case.accepted:
        pieces = [pieces]
    answers += [(caller.post("statements", one), 200, one) for one in pieces]
    wrong = [
        f"{answer.status_code} {answer.content.decode()} for {data(one).decode()}"
        for answer, success, one in answers
        if answer.status_code != (success if case.accepted else 400)
    ]
    if not case.accepted and Statement.objects.exists():
        wrong.append("something was kept")
    return wrong


def _id_of(one):
    return one["id"] if isinstance(one, dict) and isinstance(one.get("id"), str) else str(uuid4())
