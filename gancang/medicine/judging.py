"""What the classes of medicine say of prescriptions that are to be placed, or lie at the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gancang.formulary import rules as formulary
from gancang.formulary.queries import classes_in_force
from gancang.medicine.desk import refusal_of
from gancang.medicine.item_lines import read_lines
from gancang.medicine.rules import Why
from gancang.regions.queries import today_in
from gancang.values import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from gancang.medicine.rules import Draft
    from gancang.regions.models import Region


def judge_drafts(
    drafts: Sequence[Draft], region: Region, *, now: datetime
) -> list[formulary.Judgement | Refused]:
    """What holds for each prescription today, or why nothing of it is brought. One query."""
    classes = classes_in_force(region, on=today_in(region, now))
    return [_judge(read_lines(draft.items), classes) for draft in drafts]


def _judge(
    items: Sequence[formulary.Item], classes: Sequence[formulary.MedicineClass]
) -> formulary.Judgement | Refused:
    codes = {each.code for each in classes}
    for line, item in enumerate(items, 1):
        if item.item_class and item.item_class not in codes:
            known = ", ".join(sorted(codes))
            return Refused(Why.NO_SUCH_CLASS, line=line, code=item.item_class[:40], known=known)
    judgement = formulary.judge(items, classes)
    return why_not_bring(judgement) or judgement


def why_not_bring(judgement: formulary.Judgement) -> Refused | None:
    """Why nothing of a prescription is brought: an item is urgent, or none of them may go."""
    never = formulary.Why.NEVER_TRAVELS
    urgent = formulary.Why.URGENT
    for line, verdict in enumerate(judgement.verdicts, 1):
        if verdict.why is urgent:
            return refusal_of(line, verdict)
    if judgement.verdicts and all(each.why is never for each in judgement.verdicts):
        return refusal_of(1, judgement.verdicts[0])
    return None


def lines_that_go(judgement: formulary.Judgement) -> list[int]:
    """The items that travel by themselves, before a pharmacist has decided of the others."""
    return [line for line, verdict in enumerate(judgement.verdicts, 1) if not verdict.why]
