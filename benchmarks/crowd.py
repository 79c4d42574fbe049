"""A crowd for `live_map`: riders on shift and operators, each with a session of his own.

`python -m benchmarks.crowd RIDERS BOARDS FILE` writes the sessions as JSON. Logging in through the
front door would take Argon2 a fifth of a second each; what is measured begins after it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from benchmarks.world import PACK


def gather(riders: int, boards: int) -> dict[str, object]:
    """Make them; the sessions of all, and the number by which boards know each rider."""
    from django.utils import timezone  # noqa: PLC0415 - Django is set up by then

    from gancang import packs  # noqa: PLC0415
    from gancang.accounts.models import Role  # noqa: PLC0415
    from gancang.fleet.models import Rider, Shift  # noqa: PLC0415
    from gancang.regions.models import Village  # noqa: PLC0415
    from gancang.regions.queries import list_organisations, list_regions  # noqa: PLC0415

    now = timezone.now()
    packs.load(PACK, by="bench", now=now)
    region = list_regions()[0]
    fleet = list_organisations(region, ["fleet"])[0]
    users = _people("rider", riders, Role.RIDER, fleet)
    enlisted = Rider.objects.bulk_create(
        Rider(user_id=number, region=region, organisation=fleet, vehicle="motor")
        for number in users
    )
    Shift.objects.bulk_create(Shift(rider=rider, started_at=now) for rider in enlisted)
    operators = _people("operator", boards, Role.OPERATOR)
    village = Village.objects.filter(region=region).first()
    assert village is not None
    return {
        "riders": [(number, _session_of(number)) for number in users],
        "boards": [_session_of(number) for number in operators],
        "at": (round(village.lat, 2), round(village.lon, 2)),
    }


def _people(name: str, count: int, role: str, place: object = None) -> list[int]:
    from django.utils import timezone  # noqa: PLC0415 - Django is set up by then

    from gancang.accounts.models import Membership, User  # noqa: PLC0415
    from gancang.regions.queries import list_regions  # noqa: PLC0415

    region, now = list_regions()[0], timezone.now()
    users = User.objects.bulk_create(
        User(username=f"{name}-{n}", full_name=f"{name} {n}", password="!", date_joined=now)
        for n in range(count)
    )
    Membership.objects.bulk_create(
        Membership(user=user, role=role, region=region, organisation=place)  # type: ignore[misc]  # loosely typed here
        for user in users
    )
    return [user.pk for user in users]


def _session_of(number: int) -> str:
    """The key of a session such as a log-in makes."""
    from django.test import Client  # noqa: PLC0415

    from gancang.accounts.models import User  # noqa: PLC0415

    client = Client()
    client.force_login(User.objects.get(pk=number), "django.contrib.auth.backends.ModelBackend")
    return str(client.session.session_key)


if __name__ == "__main__":
    from gancang.started import with_django

    with with_django(migrate=True):
        told = gather(int(sys.argv[1]), int(sys.argv[2]))
    Path(sys.argv[3]).write_text(json.dumps(told))
