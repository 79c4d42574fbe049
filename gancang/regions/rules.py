"""Why a region's places and prices are not found."""

from __future__ import annotations

from gancang.values import N_, Reason


class Why(Reason):
    """Refusals of this capability."""

    NO_REGION = "no_region", N_("There is no region {code}; load its pack first.")
    SLUG_TAKEN = "slug_taken", N_("The short name {slug} belongs to region {code} already.")
    NO_TARIFF = "no_tariff", N_("No tariff {code} is in force on {on}.")
