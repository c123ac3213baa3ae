"""Does the store still hold what it received? Its numbers have no gap, its texts their hash (INV-08, INV-09)."""

from collections.abc import Iterator

from . import texts
from .models import Statement, StatementErasure, StoreHead


def statement_faults() -> Iterator[str]:
    """One sentence for each statement that is missing, or whose text is no longer what was received."""
    erased = set(StatementErasure.objects.values_list("seq", flat=True))
    expected = 1
    rows = Statement.objects.order_by("seq").values_list("seq", "uuid", "raw", "received", "received_hash")
    for seq, uuid, raw, received, received_hash in rows.iterator(2000):
        yield from _missing(expected, seq, erased)
        expected = seq + 1
        if texts.received_hash(texts.received_text(raw, received)) != received_hash:
            yield f"statement {uuid}: its text is not the one received"
        elif texts.decoded(raw).get("id", "").lower() != str(uuid):
            yield f"statement {uuid}: its body names another id"
    head = StoreHead.objects.filter(pk=1).first()
    yield from _missing(expected, head.sequence + 1 if head else expected, erased)


def _missing(expected: int, found: int, erased: set[int]) -> Iterator[str]:
    for seq in range(expected, found):
        if seq not in erased:
            yield f"statement number {seq} is missing"


def authority_faults() -> Iterator[str]:
    """One sentence for each statement whose text names another authority than its row."""
    rows = Statement.objects.order_by("seq").values_list("uuid", "raw", "authority__ifi", "credential__key")
    for uuid, raw, ifi, key in rows.iterator(2000):
        account = texts.decoded(raw).get("authority", {}).get("account", {})
        named = f"account:{account.get('homePage')}|{account.get('name')}"
        if named != ifi or (key is not None and account["name"] != f"org/{key}"):
            yield f"statement {uuid}: authority differs from its credential"
