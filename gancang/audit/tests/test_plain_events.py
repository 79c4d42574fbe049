"""Whether columns say what the payload says is told alike, letter by letter or read as JSON."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from gancang.audit.rules import Chained, find_fault, hash_of

NOW = datetime(2026, 11, 24, 2, 0, 0, 123456, tzinfo=UTC)
WORDS = st.one_of(
    st.sampled_from(["a", "b", "order.placed", 'a"', '","kind":"b', "\\", "é"]), st.text(max_size=8)
)
FACTS = st.dictionaries(WORDS, st.one_of(WORDS, st.dictionaries(WORDS, WORDS)))


@given(st.lists(WORDS, min_size=8, max_size=8), FACTS)
def test_an_event_is_sound_exactly_if_all_its_columns_are_in_its_payload(
    words: list[str], facts: dict[str, object]
) -> None:
    region, by, kind, subject = words[:4]
    told = {"region": region, "at": NOW.isoformat(), "by": by, "kind": kind, "subject": subject}
    payload = json.dumps(
        told | {"facts": facts}, sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )
    for columns in (words[:4], words[4:]):
        said = dict(zip(("region", "by", "kind", "subject"), columns, strict=True))
        row = Chained(
            event_id=1, at=NOW, payload=payload, number=1, previous="", hash=_hash(payload), **said
        )
        assert (find_fault(row, number=1, previous="") is None) == (columns == words[:4])


def _hash(payload: str) -> str:
    return hash_of("", payload)
