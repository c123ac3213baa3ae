"""The house's own rules, read from the syntax tree: what no general linter knows.

A rule takes a path (relative to the project) and its tree, and yields the lines that break it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parents[2]
APPS = ("courses", "certification", "cms", "lms")
Lines = Iterator[int]


@dataclass(frozen=True)
class Rule:
    """One law: where it holds, what breaks it, and a bad and a good sample to prove that it sees."""

    name: str
    why: str
    breaches: Callable[[PurePosixPath, ast.Module], Lines]
    path: str
    bad: tuple[str, ...]
    good: tuple[str, ...]


def _calls(tree: ast.AST) -> Iterator[tuple[ast.Call, str]]:
    """Every call, with its dotted name (`Sheet.objects.get`); a name that is not dotted words gives its tail."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield node, _dotted(node.func)


def _dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    if isinstance(node, ast.Call):
        return f"{_dotted(node.func)}()"
    return "?"


def _in(path: PurePosixPath, folder: str) -> bool:
    return path.is_relative_to(folder)


def _is_view(path: PurePosixPath) -> bool:
    return path.name == "views.py" or "views" in path.parts[:-1]


def direct_delay(path: PurePosixPath, tree: ast.Module) -> Lines:
    if _in(path, "courses/outbox"):
        return
    for call, name in _calls(tree):
        if name.endswith(
            (".delay", ".apply_async", ".delay_on_commit", ".apply_async_on_commit", ".send_task")
        ):
            yield call.lineno


def unscoped_get(path: PurePosixPath, tree: ast.Module) -> Lines:
    if not _is_view(path):
        return
    for call, name in _calls(tree):
        if name.endswith(
            ("objects.get", "objects.filter", "objects.all", "objects.exclude", "objects.in_bulk")
        ):
            yield call.lineno
        if name.split(".")[-1] in {"get_object_or_404", "get_list_or_404"} and call.args:
            source = _dotted(call.args[0])
            if "visible" not in source:
                yield call.lineno


COUNTED = re.compile(r"(cents|minutes)(_|$)")
INEXACT_FIELDS = {"DecimalField", "FloatField"}


def inexact_amount(path: PurePosixPath, tree: ast.Module) -> Lines:
    """In the room of money, no float and no decimal column at all; elsewhere, none near cents or minutes."""
    everywhere = _in(path, "certification/funding")
    for node in ast.walk(tree):
        if everywhere and isinstance(node, ast.Call) and _is_inexact(node):
            yield node.lineno
        elif everywhere and isinstance(node, ast.Constant) and isinstance(node.value, float):
            yield node.lineno
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            inside = [
                part for part in (node.value and ast.walk(node.value)) or () if isinstance(part, ast.Call)
            ]
            if any(COUNTED.search(_dotted(target)) for target in targets) and any(map(_is_inexact, inside)):
                yield node.lineno
            elif isinstance(node, ast.AnnAssign) and COUNTED.search(_dotted(node.target)):
                if any(
                    isinstance(part, ast.Name) and part.id == "float" for part in ast.walk(node.annotation)
                ):
                    yield node.lineno
        elif isinstance(node, ast.Call) and _dotted(node.func) == "float":
            if any(COUNTED.search(name) for argument in node.args for name in _names(argument)):
                yield node.lineno


def _is_inexact(call: ast.Call) -> bool:
    return _dotted(call.func).split(".")[-1] in INEXACT_FIELDS | {"float"}


def _names(node: ast.AST) -> Iterator[str]:
    for part in ast.walk(node):
        if isinstance(part, ast.Name):
            yield part.id
        elif isinstance(part, ast.Attribute):
            yield part.attr


CLOCKS = {"timezone.now", "timezone.localdate", "timezone.localtime", "datetime.now", "datetime.utcnow",
          "datetime.today", "date.today", "datetime.datetime.now", "datetime.date.today", "time.time"}  # fmt: skip
MAY_READ_THE_CLOCK = ("courses/shared/clock.py", "lms/settings")


def own_clock(path: PurePosixPath, tree: ast.Module) -> Lines:
    """The outbox is machinery: when its rows were written is no fact of the trade."""
    machinery = _in(path, "courses/outbox")
    if any(path == PurePosixPath(place) or _in(path, place) for place in MAY_READ_THE_CLOCK):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _dotted(node.func) in CLOCKS - {"timezone.localtime"}:
            yield node.lineno
        elif isinstance(node, ast.Call) and _dotted(node.func) == "timezone.localtime" and not node.args:
            yield node.lineno
        elif isinstance(node, ast.keyword) and node.arg == "default" and _dotted(node.value) in CLOCKS:
            yield node.value.lineno
        elif isinstance(node, ast.keyword) and node.arg in {"auto_now", "auto_now_add"} and not machinery:
            yield node.value.lineno


def trusting_extraction(path: PurePosixPath, tree: ast.Module) -> Lines:
    for call, name in _calls(tree):
        if name.split(".")[-1] in {"extractall", "unpack_archive"}:
            yield call.lineno


def own_door(path: PurePosixPath, tree: ast.Module) -> Lines:
    """A service that commits by itself cannot be part of another's act."""
    if path.name != "services.py" and "services" not in path.parts[:-1]:
        return
    for call, name in _calls(tree):
        if name.split(".")[-1] in {"send_mail", "mail_admins", "EmailMessage", "EmailMultiAlternatives"}:
            yield call.lineno


RULES = (
    Rule(
        "no direct delay",
        "Work to do is an outbox row, written in the act's own transaction; only the relay speaks to Celery.",
        direct_delay,
        "courses/attendance/services.py",
        ("send_reminder.delay(1)", "tasks.send.apply_async(args=[1])", "app.send_task('x')"),
        ("outbox.post('attendance.closed', key='1')", "delay = 3", "sheet.delay_minutes"),
    ),
    Rule(
        "no unscoped object in a view",
        "What you may not see is a 404: a view reaches objects through `visible_to` only.",
        unscoped_get,
        "courses/attendance/views.py",
        (
            "Sheet.objects.get(pk=pk)",
            "get_object_or_404(Sheet, pk=pk)",
            "get_object_or_404(Sheet.objects.filter(state='x'), pk=pk)",
            "Sheet.objects.filter(pk=pk).first()",
        ),
        (
            "Sheet.objects.visible_to(request.user).get(pk=pk)",
            "get_object_or_404(Sheet.objects.visible_to(user), pk=pk)",
            "get_object_or_404(permissions.sheets_visible_to(user), pk=pk)",
        ),
    ),
    Rule(
        "no inexact amount",
        "Money is whole cents and time is whole minutes: a float loses a cent, a decimal invites one.",
        inexact_amount,
        "certification/funding/models.py",
        ("x = float(y)", "price = models.DecimalField()", "rate = 0.5", "amount_cents = models.FloatField()"),
        ("amount_cents = models.BigIntegerField()", "rate = Fraction(1, 2)", "x = 'float'"),
    ),
    Rule(
        "no inexact amount near cents or minutes",
        "The same law outside the room of money.",
        inexact_amount,
        "lms/reporting/queries.py",
        (
            "minutes = float(x)",
            "total_cents: float = 0",
            "y = float(row.amount_cents)",
            "due_minutes = F.DecimalField()",
        ),
        (
            "minutes = int(x)",
            "ratio = float(score)",
            "minutes_label = str(x)",
            "score = models.DecimalField()",
        ),
    ),
    Rule(
        "no clock of one's own",
        "Acts receive their instant; `courses.shared.clock` alone reads the time, so that a replay may set it.",
        own_clock,
        "courses/attendance/services.py",
        (
            "timezone.now()",
            "datetime.now(tz=UTC)",
            "date.today()",
            "at = models.DateTimeField(default=timezone.now)",
            "at = models.DateTimeField(auto_now_add=True)",
            "timezone.localtime()",
        ),
        ("clock.now()", "at = given_at", "timezone.localtime(at)"),
    ),
    Rule(
        "no trusting extraction",
        "An archive is read entry by entry, with bounds; `extractall` believes the names inside it.",
        trusting_extraction,
        "courses/content/services.py",
        ("archive.extractall(folder)", "shutil.unpack_archive(a, b)"),
        ("archive.open(entry)", "extract_entry(archive, entry)"),
    ),
    Rule(
        "no mail from a service",
        "A mail cannot be rolled back: post to the outbox.",
        own_door,
        "courses/notices/services.py",
        ("send_mail('a', 'b', None, [])", "mail.EmailMessage('a')"),
        ("outbox.post('notices.mail', key='1')",),
    ),
)
VAGUE_NAMES = {"utils.py", "helpers.py", "misc.py", "common.py", "utils", "helpers", "misc", "common"}


def sources() -> Iterator[PurePosixPath]:
    """Every Python file of the four apps, migrations left out."""
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in path.parts and "__pycache__" not in path.parts:
                yield PurePosixPath(path.relative_to(ROOT).as_posix())


def parse(source: str) -> ast.Module:
    return ast.parse(source)
