"""An owner without help: a code by letter proves the telephone number, then the shop is told."""

from __future__ import annotations

import hmac
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from gancang.outbox.actions import Note, post
from gancang.shops import joining
from gancang.shops.letters import SAYS
from gancang.shops.models import Knock, Shop
from gancang.shops.rules import Why
from gancang.values import Refused
from gancang.vault import blind_index
from gancang.web.links import find_signed, sign

if TYPE_CHECKING:
    from datetime import datetime

    from gancang.regions.models import Region

KEPT = timedelta(hours=1)
OF_A_SOURCE_MAX = 10  # a whole village office may stand behind one address
OF_A_PHONE_MAX = 3
TRIES_MAX = 5
OWNER = "owner"
_USE = "shops.knock"


@transaction.atomic
def knock(phone: str, *, region: Region, source: str, now: datetime) -> str:
    """Send a code to a number; the token of the page where it is typed. Refused when too often."""
    Knock.objects.filter(at__lt=now - KEPT).delete()
    digests = {
        "source": blind_index(source, column="shops_knock.source"),
        "of_phone": blind_index(phone, column="shops_knock.of_phone"),
    }
    for name, most in (("source", OF_A_SOURCE_MAX), ("of_phone", OF_A_PHONE_MAX)):
        if Knock.objects.filter(**{name: digests[name]}).count() >= most:
            raise Refused(Why.ASKED_TOO_OFTEN)
    code = f"{secrets.randbelow(10**6):06}"
    row = Knock.objects.create(region=region, phone=phone, code=_digest(code), at=now, **digests)
    note = Note(
        key=f"knock:{row.pk}",
        kind="shop.code",
        subject=f"knock-{row.pk}",
        address=phone,
        body=SAYS["code"].format(code=code),
    )
    post(note, region=region.code, now=now)
    return sign(str(row.pk), use=_USE)


def _digest(code: str) -> str:
    return blind_index(code, column="shops_knock.code")


def find_knock(token: str, *, now: datetime) -> Knock | None:
    """What a token stands for while its code opens; None if forged, used or older than an hour."""
    number = find_signed(token, use=_USE)
    if number is None:
        return None
    rows = Knock.objects.filter(pk=int(number), used_at=None, at__gte=now - KEPT)
    return rows.select_related("region").first()


def try_code(row: Knock, code: str) -> None:
    """Refused where the code is wrong, each counted, also if the rest of the page fails."""
    counted = Knock.objects.filter(pk=row.pk, tries__lt=TRIES_MAX)
    if not counted.update(tries=F("tries") + 1):
        raise Refused(Why.ASKED_TOO_OFTEN)
    if not hmac.compare_digest(row.code, _digest(code.strip())):
        raise Refused(Why.WRONG_CODE)


@transaction.atomic
def enter(row: Knock, asked: joining.Asked, *, now: datetime) -> Shop:
    """The shop asks to join, by its owner alone; the code opens nothing more."""
    if not Knock.objects.filter(pk=row.pk, used_at=None).update(used_at=now):
        raise Refused(Why.WRONG_CODE)
    return joining.apply(asked, region=row.region, by=OWNER, now=now)
