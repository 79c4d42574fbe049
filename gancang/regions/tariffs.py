"""What a trip costs by a dated tariff, and by which of its rules. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, time
from typing import TYPE_CHECKING, Any

from gancang.values import Money

if TYPE_CHECKING:
    from collections.abc import Mapping

FREE = Money(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Up to `up_to_m` metres the whole trip costs `price`, or each kilometre begun `per_km`."""

    up_to_m: int
    price: Money | None = None
    per_km: Money = FREE


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """Districts and villages, by their codes, to which any trip costs the same."""

    areas: frozenset[str]
    price: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """What is added to a trip that is asked for at night."""

    starts: time
    ends: time
    surcharge: Money

    def covers(self, clock: time) -> bool:
        """Whether it is night at that time; a night may go past midnight."""
        if self.starts <= self.ends:
            return self.starts <= clock < self.ends
        return clock >= self.starts or clock < self.ends


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """A tariff's figures; after `to`, for one village and one time of the day.

    `flat`: what any trip costs, whatever the way; `surcharge`: what the night adds.
    """

    base: Money
    included_m: int
    per_km: Money
    ceiling: Money | None
    minimum: Money = FREE
    steps: tuple[Step, ...] = ()
    zones: tuple[Zone, ...] = ()
    night: Night | None = None
    flat: Money | None = None
    surcharge: Money = FREE
    code: str = ""
    from_date: date = date.min
    decree: str = ""

    def to(self, village: str, clock: time | None = None) -> Price:
        """The same for a trip to a village, asked for at that time by the region's clock.

        What is told of the village itself holds over what is told of its district.
        """
        district = village.rpartition(".")[0]
        told = [zone for area in (village, district) for zone in self.zones if area in zone.areas]
        is_night = self.night and clock and self.night.covers(clock)
        return replace(
            self,
            flat=told[0].price if told else None,
            surcharge=self.night.surcharge if self.night and is_night else FREE,
        )


@dataclass(frozen=True, slots=True)
class Part:
    """One rule that made a price: which, over how many metres or kilometres, how much each."""

    rule: str
    rupiah: int
    metres: int = 0
    km: int = 0

    def told(self) -> dict[str, Any]:
        """As plain values, without what says nothing."""
        rest = {"metres": self.metres, "km": self.km}
        return {"rule": self.rule, "rp": self.rupiah} | {k: v for k, v in rest.items() if v}


@dataclass(frozen=True, slots=True)
class Reckoning:
    """What a trip costs, and the rules that made it so, in their order."""

    total: Money
    parts: tuple[Part, ...]

    def told(self, tariff: Price) -> dict[str, Any]:
        """What is kept with an order, so that a later change of the tariff never touches it."""
        return {
            "tariff": tariff.code,
            "from": tariff.from_date.isoformat(),
            "decree": tariff.decree,
            "parts": [part.told() for part in self.parts],
            "total_rp": self.total.rupiah,
        }


def price(tariff: Price, metres: int) -> Money:
    """What a trip of so many metres costs."""
    return reckon(tariff, metres).total


def cheapest(tariff: Price) -> Money:
    """What the cheapest trip of all costs, by day."""
    flats = [price(replace(tariff, flat=zone.price), 0) for zone in tariff.zones]
    return min([price(tariff, 0), *flats])


def reckon(tariff: Price, metres: int) -> Reckoning:
    """The base up to the included metres, then by steps, then every kilometre begun.

    A flat price stands instead of all that. Then the minimum, the night, and last the ceiling.
    Begun kilometres, not parts of one: a ministerial tariff names whole kilometres, and so a
    rider can work his pay out by himself.
    """
    assert metres >= 0, metres
    parts = _by_distance(tariff, metres)
    if tariff.flat is not None:
        parts = [Part("zone", tariff.flat.rupiah)]
    total = sum(part.rupiah * (part.km or 1) for part in parts)
    if total < tariff.minimum.rupiah:
        total = tariff.minimum.rupiah
        parts.append(Part("minimum", total))
    if tariff.surcharge:
        total += tariff.surcharge.rupiah
        parts.append(Part("night", tariff.surcharge.rupiah))
    if tariff.ceiling and total > tariff.ceiling.rupiah:
        total = tariff.ceiling.rupiah
        parts.append(Part("ceiling", total))
    return Reckoning(Money(total), tuple(parts))


def _by_distance(tariff: Price, metres: int) -> list[Part]:
    parts = [Part("base", tariff.base.rupiah, metres=tariff.included_m)]
    reached = tariff.included_m
    for step in tariff.steps:
        if metres <= reached:
            return parts
        if step.price is not None:
            parts = [Part("step", step.price.rupiah, metres=step.up_to_m)]
        else:
            km = _begun(min(metres, step.up_to_m) - reached)
            parts.append(Part("km", step.per_km.rupiah, km=km))
        reached = step.up_to_m
    if metres > reached and tariff.per_km:
        parts.append(Part("km", tariff.per_km.rupiah, km=_begun(metres - reached)))
    return parts


def _begun(metres: int) -> int:
    return -(-metres // 1000)


NIGHT = ("night_from", "night_until", "night_rp")


def price_of_row(row: Mapping[str, Any]) -> Price:
    """The figures of a tariff as its pack, or the table of tariffs, tells them."""
    night = None
    if all(row.get(key) for key in NIGHT):
        starts, ends = (time.fromisoformat(row[key]) for key in ("night_from", "night_until"))
        night = Night(starts=starts, ends=ends, surcharge=Money(row["night_rp"]))
    return Price(
        base=Money(row["base_rp"]),
        included_m=row["included_m"],
        per_km=Money(row["per_km_rp"]),
        ceiling=Money(row["ceiling_rp"]) if row.get("ceiling_rp") else None,
        minimum=Money(row.get("minimum_rp", 0)),
        steps=tuple(
            Step(
                up_to_m=step["up_to_m"],
                price=Money(step["rp"]) if "rp" in step else None,
                per_km=Money(step.get("per_km_rp", 0)),
            )
            for step in row.get("steps", [])
        ),
        zones=tuple(
            Zone(areas=frozenset(zone["areas"]), price=Money(zone["rp"]))
            for zone in row.get("zones", [])
        ),
        night=night,
        code=row["code"],
        from_date=row["from"],
        decree=row["decree"],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """What the law allows for a kind of service: rupiah a kilometre, and for the first metres."""

    per_km: tuple[int, int]
    minimum_fare: tuple[int, int]
    first_m: int
    decree: str


def outside_band(tariff: Price, band: Band) -> tuple[str, int, tuple[int, int]] | None:
    """The key of a tariff that leaves its band, what it comes to, and what is allowed; or None.

    A ceiling may make a very long trip cheap, but not one within the first metres.
    """
    least, most = band.minimum_fare
    for key, rupiah in (
        ("base_rp", price(tariff, 0).rupiah),
        ("included_m", price(tariff, band.first_m).rupiah),
        *(("zones", zone.price.rupiah) for zone in tariff.zones),
    ):
        if rupiah < least or (rupiah > most and key != "zones"):
            return key, rupiah, band.minimum_fare
    rates = [("per_km_rp", tariff.per_km.rupiah)]
    rates += [("steps", step.per_km.rupiah) for step in tariff.steps if step.price is None]
    least, most = band.per_km
    for key, rupiah in rates:
        if not least <= rupiah <= most:
            return key, rupiah, band.per_km
    return _step_outside(tariff, band)


def _step_outside(tariff: Price, band: Band) -> tuple[str, int, tuple[int, int]] | None:
    for step in tariff.steps:
        if step.price is not None:
            km = _begun(max(0, step.up_to_m - band.first_m))
            allowed = (
                band.minimum_fare[0] + km * band.per_km[0],
                band.minimum_fare[1] + km * band.per_km[1],
            )
            if not allowed[0] <= step.price.rupiah <= allowed[1]:
                return "steps", step.price.rupiah, allowed
    return None
