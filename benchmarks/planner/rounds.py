"""A dense round: 1,000 meals from a dozen kitchens to 60 couriers' customers, in VROOM's JSON."""

from __future__ import annotations

import json
from functools import cache
from math import ceil, hypot
from random import Random
from typing import Any

MEALS, COURIERS, KITCHENS = 1000, 60, 12
SIDE_M = 9000
METRES_A_SECOND = 7
BAG = 12
HOUR_S = 3600
DAY_S = 5 * HOUR_S
SEEDS = (1, 2, 3)


@cache
def made() -> dict[str, str]:
    """The rounds by name, each a document of VROOM's; the same on every machine."""
    return {f"round{seed}": json.dumps(_round(Random(seed))) for seed in SEEDS}


def _round(random: Random) -> dict[str, Any]:
    """Meals are ready from some time on and wanted within an hour of it; couriers live anywhere."""

    def anywhere() -> tuple[int, int]:
        return random.randint(0, SIDE_M), random.randint(0, SIDE_M)

    kitchens = [anywhere() for _ in range(KITCHENS)]
    homes = [anywhere() for _ in range(COURIERS)]
    customers = [anywhere() for _ in range(MEALS)]
    shipments = [_meal(number, random) for number in range(MEALS)]
    first_home = KITCHENS + MEALS
    vehicles = [
        {
            "id": courier + 1,
            "start_index": first_home + courier,
            "end_index": first_home + courier,
            "capacity": [BAG],
            "time_window": [0, DAY_S],
        }
        for courier in range(COURIERS)
    ]
    durations = _durations([*kitchens, *customers, *homes])
    return {
        "vehicles": vehicles,
        "shipments": shipments,
        "matrices": {"car": {"durations": durations}},
    }


def _meal(number: int, random: Random) -> dict[str, Any]:
    ready_s = random.randint(0, DAY_S - 2 * HOUR_S)
    ends = {
        "pickup": {
            "location_index": random.randrange(KITCHENS),
            "setup": 120,
            "service": 20,
            "time_windows": [[ready_s, ready_s + HOUR_S]],
        },
        "delivery": {
            "location_index": KITCHENS + number,
            "service": 90,
            "time_windows": [[ready_s, ready_s + HOUR_S]],
        },
    }
    return {"amount": [1], **{key: {"id": number + 1, **end} for key, end in ends.items()}}


def _durations(points: list[tuple[int, int]]) -> list[list[int]]:
    return [
        [ceil(hypot(x - a, y - b) * 1.3 / METRES_A_SECOND) for x, y in points] for a, b in points
    ]
