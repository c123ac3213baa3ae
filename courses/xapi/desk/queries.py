"""What the screens show: a key with its state, a name with the number of its statements."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Count, F, Q, QuerySet

from courses.people.models import User
from courses.xapi.enums import Scope
from courses.xapi.models import (
    LrsKey,
    QuarantineEntry,
    QuarantineState,
    Statement,
    StatementActivity,
    StatementActor,
)

LATEST = 10
SCOPES = {
    **{scope.value: str(scope.label) for scope in Scope},
    Scope.ALL.value: "Tout, y compris annuler des traces",
}
KEY_STATES = {"valid": "Active", "expired": "Expirée", "revoked": "Révoquée"}
ACTOR, ACTIVITY = "acteur", "activite"
KINDS = {ACTOR: "Acteur", ACTIVITY: "Activité"}
# How the look of the site draws each state.
_BADGES = {
    QuarantineState.OPEN.value: "waiting",
    QuarantineState.ATTACHED.value: "valid",
    QuarantineState.IGNORED.value: "closed",
}


@dataclass(frozen=True)
class KeyLine:
    """A key as it stands at an instant."""

    key: LrsKey
    state: str

    @property
    def state_label(self) -> str:
        return KEY_STATES[self.state]

    @property
    def scopes(self) -> list[str]:
        return [SCOPES.get(scope, scope) for scope in self.key.scopes.split()]


def key_line(key: LrsKey, at: datetime) -> KeyLine:
    """Revoked comes before expired: it is what someone decided."""
    if key.revoked_at:
        return KeyLine(key, "revoked")
    expired = key.expires_at is not None and key.expires_at <= at
    return KeyLine(key, "expired" if expired else "valid")


def keys_seen_by(user: User, *, state: str, text: str, at: datetime) -> QuerySet[LrsKey]:
    """The keys that this person may see, the latest first."""
    keys = LrsKey.objects.visible_to(user).select_related("organisation").order_by("-created_at", "-pk")
    expired = Q(expires_at__isnull=False, expires_at__lte=at)
    if state == "revoked":
        keys = keys.filter(revoked_at__isnull=False)
    elif state == "expired":
        keys = keys.filter(expired, revoked_at=None)
    elif state == "valid":
        keys = keys.filter(~expired, revoked_at=None)
    if text:
        keys = keys.filter(
            Q(name__icontains=text) | Q(key__icontains=text) | Q(organisation__name__icontains=text)
        )
    return keys


def addresses() -> list[tuple[str, str]]:
    """What to give to the other system."""
    site = settings.LMS_PUBLIC_URL
    return [
        ("Adresse (xAPI 2.0.0 et 1.0.3)", f"{site}/xapi/"),
        ("Si l’autre système ne parle que xAPI 1.0.3", f"{site}/xapi/1.0.3/"),
    ]


@dataclass(frozen=True)
class NameLine:
    """An unknown name and the number of statements that name it."""

    entry: QuarantineEntry
    statements: int

    @property
    def name(self) -> str:
        return name_of(self.entry)

    @property
    def label(self) -> str:
        return label_of(self.name)

    @property
    def kind_label(self) -> str:
        return KINDS[kind_of(self.entry)]

    @property
    def badge(self) -> str:
        return badge_of(self.entry)

    @property
    def attached_to(self) -> str:
        return str(self.entry.user or self.entry.known_activity or "")


def kind_of(entry: QuarantineEntry) -> str:
    return ACTOR if entry.actor_id else ACTIVITY


def badge_of(entry: QuarantineEntry) -> str:
    return _BADGES[entry.state]


def name_of(entry: QuarantineEntry) -> str:
    """The name as it was sent."""
    return str(entry.actor or entry.activity)


def label_of(name: str) -> str:
    """The name as a person would write it: an address, an account and its site, an activity’s address."""
    kind, _, rest = name.partition(":")
    if kind == "mbox":
        return rest.removeprefix("mailto:")
    if kind == "mbox_sha1sum":
        return f"adresse électronique chiffrée {rest}"
    if kind == "openid":
        return rest
    if kind == "account":
        home, _, account = rest.rpartition("|")
        return f"{account} ({home.removeprefix('https://').removeprefix('http://').rstrip('/')})"
    return name


def names_seen_by(user: User, *, state: str, kind: str, text: str) -> QuerySet[QuarantineEntry]:
    """The unknown names that this person may see, the latest first."""
    entries = QuarantineEntry.objects.visible_to(user).select_related(
        "organisation", "actor", "activity", "user", "known_activity", "decided_by"
    )
    if state:
        entries = entries.filter(state=state)
    if kind:
        entries = entries.filter(actor__isnull=kind != ACTOR)
    if text:
        entries = entries.filter(Q(actor__ifi__icontains=text) | Q(activity__iri__icontains=text))
    return entries


def name_lines(entries: Iterable[QuarantineEntry]) -> list[NameLine]:
    """Each name with its count: four grouped queries, whatever the number of names."""
    kept = list(entries)
    actors = {entry.actor_id for entry in kept if entry.actor_id}
    activities = {entry.activity_id for entry in kept if entry.activity_id}
    organisations = {entry.organisation_id for entry in kept}
    counts: Counter[tuple[str, int, int]] = Counter()
    for field, links, ids in (
        ("actor", StatementActor.objects, actors),
        ("activity", StatementActivity.objects, activities),
    ):
        if not ids:
            continue
        own = Statement.objects.filter(**{f"{field}__in": ids, "organisation__in": organisations})
        for organisation, name, number in own.values_list("organisation", field).annotate(n=Count("pk")):
            counts[field, organisation, name] += number
        # A statement that also has the name as its own actor or object is counted above.
        beside = links.filter(**{f"{field}__in": ids, "statement__organisation__in": organisations})
        beside = beside.filter(Q(**{f"statement__{field}": None}) | ~Q(**{f"statement__{field}": F(field)}))
        grouped = beside.values_list("statement__organisation", field)
        for organisation, name, number in grouped.annotate(n=Count("statement", distinct=True)):
            counts[field, organisation, name] += number
    return [NameLine(entry, counts[_counted(entry)]) for entry in kept]


def _counted(entry: QuarantineEntry) -> tuple[str, int, int]:
    if entry.actor_id:
        return "actor", entry.organisation_id, entry.actor_id
    return "activity", entry.organisation_id, entry.activity_id or 0


def latest_statements(entry: QuarantineEntry, user: User) -> list[Statement]:
    """The last statements of its organisation that name it, in whatever place."""
    seen = Statement.objects.visible_to(user).filter(organisation=entry.organisation_id)
    if entry.actor_id:
        own = seen.filter(actor=entry.actor_id)
        links: Any = StatementActor.objects.filter(actor=entry.actor_id).values_list("statement")
    else:
        own = seen.filter(activity=entry.activity_id)
        links = StatementActivity.objects.filter(activity=entry.activity_id).values_list("statement")
    # Two short walks of an index, rather than one through all that the organisation has sent.
    beside = links.filter(statement__in=seen.values("pk")).distinct().order_by("-statement_id")
    latest = {pk for (pk,) in [*own.values_list("pk").order_by("-pk")[:LATEST], *beside[:LATEST]]}
    return list(Statement.objects.filter(pk__in=latest).order_by("-seq")[:LATEST])
