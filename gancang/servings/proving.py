"""By what a meal is proved at its door: the programme's levels decide, not the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from gancang.audit.actions import record
from gancang.parcels.handing_over import factor_shown, reader_at_door
from gancang.parcels.rules import FACTORS, LEVELS, Evidence, why_not_proved
from gancang.parcels.rules import Why as Unproved
from gancang.servings.models import Serving
from gancang.servings.queries import levels_of
from gancang.servings.rules import WRONG_TRIES_MAX, Why
from gancang.values import Refused

if TYPE_CHECKING:
    from datetime import datetime

    from gancang.accounts.models import User


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What the courier says he was shown. No level: the one that the programme asks for first."""

    level: str = ""
    factor: str = ""  # what was typed or scanned
    reason: str = ""  # why it is not the first level


BY_THE_FIRST = Shown()


def level_proved(serving: Serving, shown: Shown, *, by: User, now: datetime) -> str:
    """By which level he was seen. Refused where the programme does not take it as a proof.

    A wrong date or card is counted even though it is refused; after five only another level helps.
    """
    levels = levels_of(serving.diner.programme)
    level = shown.level or levels[0]
    if level in FACTORS and serving.wrong_tries >= WRONG_TRIES_MAX:
        raise Refused(Why.TOO_MANY_TRIES)
    allowed = level in levels
    reader = reader_at_door(serving.region, by, now=now)
    person = serving.diner.resident_id
    factor = factor_shown(level, shown.factor, person, reader) if allowed else ""
    evidence = Evidence(level=level, factor=factor, reason=shown.reason)
    why = why_not_proved(evidence, proof=levels, may_be_left=False)
    if why is None:
        return level
    if why in (Unproved.WRONG_FACTOR, Unproved.WRONG_CARD):
        _count_wrong_try(serving, by=by, now=now)
    words = [_(LEVELS[each]) for each in levels]
    name = serving.diner.programme.name
    raise Refused(why, programme=name, levels=", ".join(words), level=words[0])


@transaction.atomic
def _count_wrong_try(serving: Serving, *, by: User, now: datetime) -> None:
    """One more wrong try, written down at once: outside of the deed that is refused."""
    Serving.objects.filter(pk=serving.pk).update(wrong_tries=F("wrong_tries") + 1)
    serving.refresh_from_db(fields=["wrong_tries"])
    facts: dict[str, object] = {"tries": serving.wrong_tries}
    region = serving.region.code
    record("meal.wrong_proof", serving.code, region=region, by=by.username, now=now, facts=facts)
