"""The people of a hospital's day, hired: clerks, pharmacists, an admin, riders on shift."""

from __future__ import annotations

import sys
from datetime import timedelta
from typing import TYPE_CHECKING

from benchmarks.world import PACK

if TYPE_CHECKING:
    from pathlib import Path

PASSWORD = "kopi-osing-pagi-2026"
CLERKS, PHARMACISTS = 2, 3


def hire(riders: int, *, pack: Path = PACK) -> None:
    """Load the region and hire everybody; Django must be set up."""
    from django.utils import timezone  # noqa: PLC0415 - Django is set up by then

    from gancang import packs  # noqa: PLC0415
    from gancang.accounts.models import Role  # noqa: PLC0415
    from gancang.regions.queries import list_organisations, list_regions  # noqa: PLC0415

    packs.load(pack, by="bench", now=timezone.now())
    region = list_regions()[0]
    # A day of direct rides to every village: rounds of other days would never set out in it.
    region.config.pop("reach", None)
    region.save(update_fields=["config"])
    hospital = list_organisations(region, ["hospital"])[0]
    fleet = list_organisations(region, ["fleet"])[0]
    for n in range(CLERKS):
        log_in_as(f"clerk-{n}", Role.COUNTER_CLERK, hospital)
    for n in range(PHARMACISTS):
        log_in_as(f"pharmacist-{n}", Role.PHARMACIST, hospital)
    log_in_as("admin", Role.ADMIN)
    for n in range(riders):
        _put_on_shift(log_in_as(f"rider-{n}", Role.RIDER, fleet), fleet, plate=f"P {n}")


def log_in_as(name: str, role: str, place: object = None) -> object:
    """Somebody new who logs in; place: the organisation he works for, if for one."""
    from django.utils import timezone  # noqa: PLC0415 - Django is set up by then

    from gancang.accounts.actions import Newcomer, add_person  # noqa: PLC0415
    from gancang.regions.queries import list_regions  # noqa: PLC0415

    told = {"username": name, "full_name": name, "password": PASSWORD, "role": role}
    newcomer = Newcomer(**told, organisation=place)  # type: ignore[arg-type]  # loosely typed here
    return add_person(newcomer, region=list_regions()[0], by="bench", now=timezone.now())


def _put_on_shift(user: object, fleet: object, *, plate: str) -> None:
    from django.utils import timezone  # noqa: PLC0415 - Django is set up by then

    from gancang.fleet.actions import enlist, start_shift, train  # noqa: PLC0415
    from gancang.regions.queries import today_in  # noqa: PLC0415

    now = timezone.now()
    rider = enlist(user, organisation=fleet, vehicle="motor", plate=plate, by="bench", now=now)  # type: ignore[arg-type]
    today = today_in(rider.region, now)
    until, since = today + timedelta(days=365), today - timedelta(days=1)
    train(rider, item_class="medicine", trained_on=since, expires_on=until, by="bench", now=now)
    start_shift(rider, now=now)


if __name__ == "__main__":
    from gancang.started import with_django

    with with_django(migrate=True):
        hire(int(sys.argv[1]))
