"""What somebody found in the field, one application at a time or a whole list of them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from gancang.enrolment import rules
from gancang.enrolment.actions import finish_all, judge_all
from gancang.enrolment.models import Enrolment
from gancang.enrolment.queries import visible_to
from gancang.enrolment.rules import OUTCOMES, VALID, State, Why, read_outcome
from gancang.regions.queries import today_in
from gancang.values import Refused
from gancang.web.tables import rows_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gancang.accounts.models import Membership
    from gancang.enrolment.actions import Deed
    from gancang.web.tables import Line

LINES_MAX = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What was found at one house."""

    line: int
    code: str
    outcome: str
    referral: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a line, and where."""

    line: int
    column: str
    why: Refused


def read_outcomes(text: str) -> tuple[list[Found], list[Fault]]:
    """Lines of code, outcome and referral, all judged. Raises csv.Error where quotes never end."""
    lines, _sign = rows_of(text)
    if len(lines) > LINES_MAX:
        raise Refused(Why.TOO_MANY_LINES, most=LINES_MAX)
    found: list[Found] = []
    faults: list[Fault] = []
    seen: set[str] = set()
    for line in lines:
        if line.cells[0].lower() in {"code", "kode"}:
            continue
        try:
            told = _read(line)
        except Refused as refusal:
            column = "code" if refusal.reason is Why.CODE_TWICE else "outcome"
            faults.append(Fault(line.number, column, refusal))
            continue
        if told.code in seen:
            faults.append(Fault(line.number, "code", Refused(Why.CODE_TWICE)))
        seen.add(told.code)
        found.append(told)
    if not lines:
        raise Refused(Why.NO_LINES)
    return found, faults


def _read(line: Line) -> Found:
    cells = [*line.cells, "", ""]
    outcome = read_outcome(cells[1])
    if outcome == "refer" and not cells[2]:
        raise Refused(Why.WHERE_TO)
    code, referral = cells[0].upper()[:20], cells[2][:120]
    return Found(line=line.number, code=code, outcome=outcome, referral=referral)


def rows_for(asker: Membership, found: Sequence[Found]) -> dict[str, Enrolment]:
    """The applications of these codes that wait to be seen and that the asker may see."""
    rows = visible_to(asker).filter(code__in=[each.code for each in found], state=State.TO_VERIFY)
    return {row.code: row for row in rows.select_related("programme__region", "region")}


@transaction.atomic
def take_outcomes(
    rows: Mapping[str, Enrolment], found: Sequence[Found], deed: Deed
) -> dict[str, int]:
    """Valid ones come in or wait, the others are refused with reason and referral; how many each.

    The number of queries hangs on the programmes, not on the houses.
    """
    codes = [each.code for each in found]
    held = Enrolment.objects.select_for_update(of=("self",)).filter(
        code__in=codes, state=State.TO_VERIFY
    )
    told = {each.code: each for each in found}
    valid: defaultdict[str, list[Enrolment]] = defaultdict(list)
    refused = []
    for row in held.select_related("programme__region", "region").order_by("pk"):
        assert row.code in rows, row.code
        if told[row.code].outcome == VALID:
            row.verified_at = deed.now
            valid[row.programme_code].append(row)
        else:
            _refuse(row, told[row.code], deed)
            refused.append(row)
    for of_one in valid.values():
        judge_all(of_one, deed)
    finish_all(refused, "verify", deed)
    return {"valid": sum(map(len, valid.values())), "refused": len(refused)}


def _refuse(row: Enrolment, told: Found, deed: Deed) -> None:
    days = rules.enrolling_of(row.programme.terms).appeal_days
    row.state, row.why = State.REFUSED, str(OUTCOMES[told.outcome] or "")
    row.referral, row.verified_at = told.referral, deed.now
    row.appeal_until = today_in(row.region, deed.now) + timedelta(days=days)
