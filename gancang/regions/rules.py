"""Prices by dated tariffs. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from gancang.values import N_, Money, Reason


class Why(Reason):
    """Refusals of this capability."""

    NO_REGION = "no_region", N_("There is no region {code}; load its pack first.")
    SLUG_TAKEN = "slug_taken", N_("The short name {slug} belongs to region {code} already.")
    NO_TARIFF = "no_tariff", N_("No tariff {code} is in force on {on}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """A tariff's figures."""

    base: Money
    included_m: int
    per_km: Money
    ceiling: Money | None


def price(tariff: Price, metres: int) -> Money:
    """The base up to the included metres, then every kilometre begun; never above the ceiling.

    Begun kilometres, not parts of one: a ministerial tariff names whole kilometres, and so a
    rider can work his pay out by himself.
    """
    assert metres >= 0, metres
    begun_km = -(-max(0, metres - tariff.included_m) // 1000)
    full = Money(tariff.base.rupiah + begun_km * tariff.per_km.rupiah)
    return min(full, tariff.ceiling) if tariff.ceiling else full
