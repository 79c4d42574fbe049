"""`gancang fit-estimate`: how long rides take, refitted from finished trips, by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable


def add_command(add: Callable[..., argparse.ArgumentParser]) -> None:
    """Teach the command line `fit-estimate`; it lends a set-up Django and its voice."""
    adding = add("fit-estimate", _fit, "refit the riding times from finished trips, as each night")
    adding.add_argument("--region", required=True, metavar="CODE")


def _fit(arguments: argparse.Namespace) -> tuple[dict[str, object], list[str]]:
    # These need Django set up.
    from django.utils import timezone  # noqa: PLC0415

    from gancang.dispatch.learning import fit_estimate  # noqa: PLC0415
    from gancang.dispatch.rules import Why  # noqa: PLC0415
    from gancang.regions.queries import get_region  # noqa: PLC0415
    from gancang.values import Refused  # noqa: PLC0415

    region = get_region(arguments.region)
    found = fit_estimate(region, by="fit-estimate", now=timezone.now())
    if found is None:
        raise Refused(Why.NO_TRIPS, region=region.name)
    half, most = (f"{100 * share:.0f} %" for share in (found.half, found.most))
    told = {"trips": found.trips, "on": found.on.isoformat(), "p50": found.half, "p90": found.most}
    line = f"fitted from {found.trips:,} trips: half are told within {half}, nine of ten within"
    return told, [f"{line} {most}"]
