"""Who leaves a programme, or dies, has nothing planned any more from that day on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from gancang.enrolment.entry import who_left
from gancang.enrolment.rules import State
from gancang.fulfilment import rules
from gancang.fulfilment.actions import move
from gancang.fulfilment.models import Case
from gancang.ledger import actions as ledger
from gancang.regions.queries import today_in

if TYPE_CHECKING:
    from datetime import datetime

    from gancang.regions.models import Region

BATCH = 500


def stop_cases(region: Region, *, now: datetime) -> int:
    """Call off what is planned from today on for who left or died, and today's of who is paused.

    What is at the bank already stays: its statement decides. How many it called off.
    """
    today = today_in(region, now)
    rows = Case.objects.filter(
        region=region, state=rules.PLANNED, day__gte=today, bank_list=None
    ).select_related("region", "enrolment")
    paused = Q(enrolment__state=State.PAUSED, day=today)
    ran_out = Q(enrolment__ends_on__lt=F("day"))
    found = list(rows.filter(who_left() | paused | ran_out).order_by("pk")[:BATCH])
    for case in found:
        _stop(case, now=now)
    return len(found)


@transaction.atomic
def _stop(case: Case, *, now: datetime) -> None:
    reason = _("The person is not in the programme any more, or has died.")
    if case.enrolment and case.enrolment.state == State.PAUSED:
        reason = _("The person is paused in the programme.")
    move(case, rules.CANCELLED, {"reason": reason[:200]}, by="system", now=now)
    ledger.release(case.code, region=case.region, by="system", now=now)
