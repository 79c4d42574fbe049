"""When a letter leaves, by which way it is tried again, and how long a text is. Pure."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from string import Formatter
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from gancang.values import N_, Reason

if TYPE_CHECKING:
    from collections.abc import Mapping

ATTEMPTS_MAX = 8
# Where another way is left, a stubborn gateway is left sooner: after a minute and a half.
ATTEMPTS_BEFORE_ANOTHER_WAY = 3
# What somebody who wrote STOP does without. Everything else he needs to get his medicine.
OPTIONAL = frozenset({"order.delivered", "order.confirm", "order.repeat", "order.reminder"})

# GSM 03.38: one sign each of these, two of the others, else the whole text goes in UCS-2.
GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_TWICE = frozenset("^{}\\[~]|€")


class Why(Reason):
    """Why a letter is not sent again."""

    NOT_GIVEN_UP = "not_given_up", N_("This letter is not given up; nothing needs to be done.")


def wait_after(attempts: int, *, another_way: bool = False) -> timedelta | None:
    """How long to wait after so many failures: 30 s, doubled each time; None: give it up."""
    if attempts >= (ATTEMPTS_BEFORE_ANOTHER_WAY if another_way else ATTEMPTS_MAX):
        return None
    return timedelta(seconds=30 * 2 ** (attempts - 1))


def sms_parts(text: str) -> int:
    """How many short messages a text takes: 160 signs in one, 153 in each of several."""
    if set(text) <= GSM | GSM_TWICE:
        length = len(text) + sum(sign in GSM_TWICE for sign in text)
        return 1 if length <= 160 else -(-length // 153)
    length = len(text.encode("utf-16-be")) // 2
    return 1 if length <= 70 else -(-length // 67)


def quiet_until(now: datetime, *, begins: time, ends: time, zone: str) -> datetime | None:
    """When the night ends in which `now` lies, or None by day. The same times: never quiet."""
    here = now.astimezone(ZoneInfo(zone))
    clock = here.time()
    at_night = begins <= clock < ends if begins < ends else clock >= begins or clock < ends
    if begins == ends or not at_night:
        return None
    morning = here.replace(hour=ends.hour, minute=ends.minute, second=0, microsecond=0)
    return morning if clock < ends else morning + timedelta(days=1)


def names_in(text: str) -> set[str]:
    """The names in braces that a region's own words ask for."""
    return {name for _text, name, _form, _conversion in Formatter().parse(text) if name is not None}


def filled(words: str, told: Mapping[str, str]) -> str:
    """Words with what they name put in; "" where something that they name is not told."""
    if not names_in(words) <= set(told):
        return ""
    return re.sub(" {2,}", " ", words.format(**told)).strip()


def in_words_of(text: str, greeting: str) -> str:
    """A text with a greeting of the place before it, unless that costs another part."""
    greeted = f"{greeting} {text}"
    return greeted if greeting and sms_parts(greeted) == sms_parts(text) else text
