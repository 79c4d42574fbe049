"""A statement's lines, and what was taken back, as plain values for files."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from gancang.servings.queries import all_proofs
from gancang.settlement.came_back import all_that_came_back
from gancang.settlement.queries import lines_wanted, taken_back

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from gancang.orders.queries import Proven
    from gancang.settlement.came_back import CameBack
    from gancang.settlement.queries import Wanted

LINES_AT_ONCE = 5_000


def written_lines(wanted: Wanted) -> Iterator[tuple[Any, ...]]:
    """A statement's lines as plain values, streamed: number, moment, order, payee, fund, programme,
    rupiah, state, proof's moment, who gave it, by which factor, when it came back from the bank,
    and when it was paid again. Four queries each 5,000 lines.
    """
    back = all_that_came_back(wanted.region)
    rows = lines_wanted(wanted).order_by("pk")
    values = rows.values_list(
        "pk",
        "at",
        "about",
        "target__payee__code",
        "source__budget__fund__code",
        "source__budget__programme",
        "amount_rp",
        "state",
        "payment_number",
    )
    stream = values.iterator(chunk_size=LINES_AT_ONCE)
    while some := list(islice(stream, LINES_AT_ONCE)):
        proofs = all_proofs(wanted.region, {row[2] for row in some})
        for *row, payment in some:
            proof = proofs.get(row[2])
            yield (*row, *_told(proof), *_moments(back.get(payment)))


def written_backs(wanted: Wanted) -> Iterator[tuple[Any, ...]]:
    """What was taken back in the month, in the columns of its lines. One query, streamed."""
    rows = taken_back(wanted).order_by("pk")
    values = "pk", "at", "about", "payee_code", "fund_code", "reverses", "rupiah", "kind"
    yield from rows.values_list(*values).iterator(chunk_size=LINES_AT_ONCE)


def _told(proof: Proven | None) -> tuple[datetime | None, str, str]:
    if proof is None:
        return None, "", ""
    return proof.handed_over_at, proof.username, proof.factor


def _moments(back: CameBack | None) -> tuple[datetime | None, datetime | None]:
    return (back.bounce.decided_at, back.paid_again_at) if back else (None, None)
