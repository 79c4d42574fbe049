"""Drawing a sample, and writing down what was found. The only code that writes either."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from gancang.audit.actions import record
from gancang.audit.models import Head
from gancang.inspection.models import Sample, SampleLine
from gancang.inspection.queries import lines_wanted
from gancang.inspection.rules import Why, draw_by_money
from gancang.values import Money, Refused

if TYPE_CHECKING:
    from datetime import datetime

    from gancang.accounts.models import User
    from gancang.inspection.queries import Wanted
    from gancang.regions.models import Region


@transaction.atomic
def draw(region: Region, wanted: Wanted, *, size: int, by: User, now: datetime) -> Sample:
    """Draw lines by money from where the chain ends now. Refused where nothing became owed."""
    lines = list(lines_wanted(region, wanted).values_list("pk", "amount_rp"))
    if not lines:
        raise Refused(Why.NOTHING_TO_DRAW)
    head = Head.objects.filter(region_code=region.code).first()
    seed = head.hash if head else region.code
    drawn = draw_by_money(lines, size=size, seed=seed)
    sample = Sample.objects.create(
        region=region,
        first=wanted.first,
        last=wanted.last,
        programme=wanted.programme,
        fund=wanted.fund,
        payee=wanted.payee,
        seed=seed,
        interval_rp=drawn.interval,
        lines_in_all=len(lines),
        total_rp=sum(rupiah for _, rupiah in lines),
        drawn_by=by,
        drawn_at=now,
    )
    SampleLine.objects.bulk_create(
        SampleLine(sample=sample, transfer_id=number) for number in drawn.lines
    )
    facts: dict[str, object] = {"lines": len(drawn.lines), "of": len(lines), "seed": seed}
    name = _name(sample)
    record("sample.drawn", name, region=region.code, by=by.username, now=now, facts=facts)
    return sample


@transaction.atomic
def judge(
    line: SampleLine, found: str, *, wrong: Money, note: str, by: User, now: datetime
) -> None:
    """Write down what was found of a line; the chain keeps every judgement, also the earlier one.

    Refused where a fault has no rupiah or more than the line has, or has no word of explanation.
    """
    amount = line.transfer.amount_rp
    if found == "wrong" and not 0 < wrong.rupiah <= amount:
        raise Refused(Why.NOT_THAT_WRONG, amount=Money(amount))
    if found in {"wrong", "unclear"} and not note.strip():
        raise Refused(Why.NO_NOTE)
    line.found = found
    line.wrong_rp = wrong.rupiah if found == "wrong" else 0
    line.note = note.strip()
    line.judged_by, line.judged_at = by, now
    line.save(update_fields=["found", "wrong_rp", "note", "judged_by", "judged_at"])
    record(
        "sample.judged",
        _name(line.sample),
        region=line.sample.region.code,
        by=by.username,
        now=now,
        facts={"line": line.transfer_id, "found": found, "wrong_rp": line.wrong_rp},
    )


def _name(sample: Sample) -> str:
    return f"sample {sample.pk}"
