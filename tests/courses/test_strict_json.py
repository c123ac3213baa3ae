"""The one reader of JSON that comes from outside."""

import contextlib
import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.shared import strict_json

REFUSED = {
    "nothing at all": b"",
    "a byte order mark": b"\xef\xbb\xbf{}",
    "a raw NUL": b'"\x00"',
    "an escaped NUL": rb'"\u0000"',
    "a NUL in a key": rb'{"\u0000": 1}',
    "a lone high surrogate": rb'"\ud800"',
    "a lone low surrogate": rb'"\udc00 x"',
    "a high surrogate before another letter": rb'"\ud83dx"',
    "a surrogate written as bytes": b'"\xed\xa0\x80"',
    "an overlong form": b'"\xc0\xaf"',
    "another encoding": '"é"'.encode("latin-1"),
    "not a number": b"NaN",
    "infinity": b"[-Infinity]",
    "a number beyond floats": b"1e400000",
    "a 5 000-digit integer": b"9" * 5000,
    "a key twice": b'{"a": 1, "a": 2}',
    "a key twice, once escaped": rb'{"a": 1, "\u0061": 2}',
    "100 000 lists": b"[" * 100_000,
    "100 000 objects": b'{"a":' * 100_000,
    "65 levels": b"[" * 65 + b"]" * 65,
    "a string that nothing closes": b'"' + b'\\"' * 500_000,
    "two documents": b"{} {}",
    "a trailing comma": b"[1,]",
    "single quotes": b"{'a': 1}",
    "a comment": b"[] // no",
}


@pytest.mark.parametrize("raw", REFUSED.values(), ids=REFUSED.keys())
def test_refuses(raw):
    with pytest.raises(strict_json.JsonError) as refusal:
        strict_json.loads(raw)

    assert refusal.value.status == 400


def test_refuses_more_than_the_limit_before_reading():
    with pytest.raises(strict_json.JsonError, match="dépasse 4 octets"):
        strict_json.loads(b'"aaaa"', max_bytes=4)


def test_accepts_64_levels_and_brackets_inside_strings():
    deep = b"[" * 64 + b"]" * 64
    quoted = json.dumps(["[{" * 1000, 'a"[\\"{']).encode()

    assert strict_json.loads(deep)
    assert strict_json.loads(quoted) == ["[{" * 1000, 'a"[\\"{']


def test_accepts_pairs_of_surrogates_and_written_backslashes():
    assert strict_json.loads(rb'"\ud83d\ude00 \\u0000 \\ud800"') == "😀 \\u0000 \\ud800"


def test_reads_a_megabyte_in_a_moment():
    raw = json.dumps([{"name": "é" * 40, "values": [1, 2, {"x": 'a"b'}]}] * 9000).encode()
    assert len(raw) > 1_000_000

    started = time.process_time()
    strict_json.loads(raw)

    assert time.process_time() - started < 2


_texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
_leaves = (
    st.none()
    | st.booleans()
    | st.integers(-(10**200), 10**200)
    | st.floats(allow_nan=False, allow_infinity=False)
)
_values = st.recursive(_leaves | _texts, lambda v: st.lists(v) | st.dictionaries(_texts, v), max_leaves=30)


@given(value=_values, ascii_only=st.booleans())
def test_reads_what_json_writes(value, ascii_only):
    assert strict_json.loads(json.dumps(value, ensure_ascii=ascii_only).encode()) == value


@given(raw=st.binary())
def test_gives_a_value_or_a_refusal_and_nothing_else(raw):
    with contextlib.suppress(strict_json.JsonError):
        strict_json.loads(raw)
