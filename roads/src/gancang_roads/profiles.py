"""Who travels: how fast on which road, where at all, past which barrier. The figures are TOML."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from gancang_roads.errors import RoadsError

if TYPE_CHECKING:
    from collections.abc import Mapping

NAMES = ("motorcycle", "car", "bicycle", "foot")
ALLOWING = {"yes", "designated", "permissive", "destination", "delivery", "customers", "official"}
FORWARD, BACKWARD = {"yes", "true", "1"}, {"-1", "reverse"}
KMH_A_MPH = 1.609344


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One kind of traveller in one country. Speeds in km/h, waits in seconds.

    speeds: by class of road; a class that is not in it is closed, unless the road's own access
    tags open it, at `explicit_kmh`. access: tag keys, the most particular first. surface,
    tracktype, smoothness: at most so fast on it. hours: how much slower by class and hour.
    """

    name: str
    speeds: Mapping[str, float]
    access: tuple[str, ...]
    denied: frozenset[str]
    top_kmh: float
    explicit_kmh: float = 0
    maxspeed_factor: float = 1
    has_maxspeed: bool = True
    has_oneway: bool = True
    has_turn_restrictions: bool = True
    passes: frozenset[str] = frozenset()
    surface: Mapping[str, float] = field(default_factory=dict)
    tracktype: Mapping[str, float] = field(default_factory=dict)
    smoothness: Mapping[str, float] = field(default_factory=dict)
    signal_s: float = 0
    off_road_kmh: float = 5
    ferry_kmh: float = 0
    ferry_wait_s: float = 0
    hours: Mapping[str, tuple[float, ...]] = field(default_factory=dict)

    def kmh(self, tags: Mapping[str, str]) -> tuple[float, float]:
        """Speeds along and against the direction in which a way is drawn; 0 is closed."""
        speed = self._speed(tags)
        if not speed:
            return 0.0, 0.0
        match self._oneway(tags):
            case 1:
                return speed, 0.0
            case -1:
                return 0.0, speed
        return speed, speed

    def may_pass(self, tags: Mapping[str, str]) -> bool:
        """Whether a barrier in the road lets this traveller through."""
        barrier = tags.get("barrier", "no")
        verdict = self._access(tags)
        return verdict if verdict is not None else barrier in self.passes

    def obeys(self, tags: Mapping[str, str]) -> str | None:
        """The turn restriction that a relation lays on this traveller, such as `no_left_turn`."""
        if not self.has_turn_restrictions:
            return None
        excepted = {word.strip() for word in tags.get("except", "").split(";")}
        if excepted & set(self.access):
            return None
        own = (tags.get(f"restriction:{key}") for key in self.access)
        return next((kind for kind in own if kind), tags.get("restriction"))

    def _speed(self, tags: Mapping[str, str]) -> float:
        if tags.get("route") == "ferry":
            return self.ferry_kmh if self._access(tags) is not False else 0.0
        speed = self.speeds.get(tags.get("highway", ""), 0.0)
        verdict = self._access(tags)
        if verdict is False:
            return 0.0
        if not speed:
            speed = self.explicit_kmh if verdict and self._is_own(tags) else 0.0
        if speed and self.has_maxspeed and (limit := maxspeed_kmh(tags.get("maxspeed", ""))):
            speed = limit * self.maxspeed_factor
        for key, caps in (
            ("surface", self.surface),
            ("tracktype", self.tracktype),
            ("smoothness", self.smoothness),
        ):
            speed = min(speed, caps.get(tags.get(key, ""), speed))
        return min(speed, self.top_kmh)

    def _is_own(self, tags: Mapping[str, str]) -> bool:
        """Opened for this very kind of traveller, not just for everybody."""
        return any(tags.get(key) in ALLOWING for key in self.access if key != "access")

    def _access(self, tags: Mapping[str, str]) -> bool | None:
        for key in self.access:
            value = tags.get(key)
            if value in ALLOWING:
                return True
            if value in self.denied:
                return False
        return None

    def _oneway(self, tags: Mapping[str, str]) -> int:
        if not self.has_oneway:
            return 0
        own = (tags.get(f"oneway:{key}") for key in self.access)
        value = next((told for told in own if told), None)
        if value is None and "bicycle" in self.access and "opposite" in tags.get("cycleway", ""):
            return 0
        value = value or tags.get("oneway")
        if value in FORWARD:
            return 1
        if value in BACKWARD:
            return -1
        implied = tags.get("junction") in {"roundabout", "circular"}
        return int(value is None and (implied or tags.get("highway") == "motorway"))


def maxspeed_kmh(text: str) -> float | None:
    """`50`, `30 mph`, `walk`; None where there is no figure."""
    number, _, unit = text.strip().partition(" ")
    if number == "walk":
        return 5.0
    if not number.replace(".", "", 1).isdigit() or not float(number):
        return None
    return float(number) * (KMH_A_MPH if unit == "mph" else 1)


@cache
def profile(name: str, country: str = "") -> Profile:
    """The traveller of that name in a country (ISO 3166, `ID`), or anywhere."""
    if name not in NAMES:
        raise RoadsError(f"no traveller is called {name}; there are {', '.join(NAMES)}")
    told = tomllib.loads((files(__package__) / "profiles" / f"{name}.toml").read_text("utf-8"))
    countries = told.pop("country", {})
    return _made(name, _merged(told, countries.get(country, {})))


def _merged(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """Tables are merged key by key, everything else is replaced."""
    return base | {
        key: _merged(base.get(key, {}), value) if isinstance(value, dict) else value
        for key, value in over.items()
    }


def _made(name: str, told: dict[str, Any]) -> Profile:
    hours = {
        road: tuple(told_hours.get(str(hour), 1.0) for hour in range(24))
        for road, told_hours in told.pop("hours", {}).items()
    }
    denied, passes = frozenset(told.pop("denied")), frozenset(told.pop("passes"))
    access = tuple(told.pop("access"))
    return Profile(name=name, access=access, denied=denied, passes=passes, hours=hours, **told)


def country_of(lat: float, lon: float) -> str:
    """The country whose figures hold there, as far as there are figures of its own; else ''."""
    return next(
        (
            code
            for code, (west, south, east, north) in _boxes().items()
            if west <= lon <= east and south <= lat <= north
        ),
        "",
    )


@cache
def _boxes() -> dict[str, tuple[float, float, float, float]]:
    told = (files(__package__) / "profiles" / "countries.toml").read_text("utf-8")
    return {code: tuple(entry["box"]) for code, entry in tomllib.loads(told).items()}


@cache
def drives_left(country: str) -> bool:
    """Whether traffic keeps to the left."""
    told = (files(__package__) / "profiles" / "countries.toml").read_text("utf-8")
    return bool(tomllib.loads(told).get(country, {}).get("drives_left", False))
