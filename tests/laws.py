"""What is true of the book whatever was done to it, in whatever order."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from gancang.ledger.models import Account, Transfer
from gancang.ledger.queries import verify

if TYPE_CHECKING:
    from gancang.regions.models import Region

# What money comes from: all that was ever granted or paid by people stands here, below nothing.
SPRINGS = ("granted", "fares", "buyers")


def assert_whole(region: Region) -> None:
    """The sum is zero, nothing is below zero, and each rupiah of each order stands somewhere."""
    accounts = Account.objects.filter(region=region)
    assert sum(accounts.values_list("balance_rp", flat=True)) == 0
    assert not accounts.filter(balance_rp__lt=0).exclude(kind__in=SPRINGS).exists()
    assert not accounts.filter(balance_rp__gt=0, kind__in=SPRINGS).exists()
    for about, sums in _by_order(region).items():
        set_aside = sums["reserve"] + sums["reverse"]
        gone = sums["settle"] + sums["release"]
        assert set_aside >= gone, (about, sums)  # what is left of it is still set aside
    reserved = accounts.filter(kind="reserved").values_list("balance_rp", flat=True)
    left = sum(
        s["reserve"] + s["reverse"] - s["settle"] - s["release"] for s in _by_order(region).values()
    )
    assert sum(reserved) == left
    assert verify(region)[1] == []


def _by_order(region: Region) -> dict[str, Counter[str]]:
    """What was set aside, spent, released and taken back for each order, in rupiah."""
    found: dict[str, Counter[str]] = {}
    kinds = ("reserve", "settle", "release", "reverse")
    rows = Transfer.objects.filter(region=region, kind__in=kinds)
    for about, kind, rupiah in rows.values_list("about", "kind", "amount_rp"):
        found.setdefault(about, Counter())[kind] += rupiah
    return found
