"""What a JSON object of VROOM's may hold: read with its kind, or refused in one sentence."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from gancang_planner.checks import LARGEST
from gancang_planner.model import Window


def document(text: str) -> Any:
    """The JSON in a text, whole: ValueError for anything else, NaN included."""

    def refuse(constant: str) -> None:
        raise ValueError(f"{constant} is not a number of JSON")

    try:
        return json.loads(text, parse_constant=refuse)
    except json.JSONDecodeError as wrong:
        raise ValueError(f"the file is not JSON: {wrong}") from None
    except RecursionError:
        raise ValueError("the file nests too deep") from None


@dataclass(slots=True)
class Fields:
    """An object of the file with its name; it remembers which keys and objects were asked for."""

    name: str
    values: dict[str, Any]
    kind: str = ""
    _asked: set[str] = field(default_factory=set)
    _inner: dict[str, list[Fields]] = field(default_factory=dict)

    def has(self, key: str) -> bool:
        """Whether it is there and not null."""
        return self.get(key) is not None

    def get(self, key: str) -> Any:
        """Whatever it holds, None if nothing."""
        self._asked.add(key)
        return self.values.get(key)

    def whole(self, key: str, default: int | None = None, most: int = LARGEST) -> int:
        """A whole number of zero or more."""
        value = self.get(key)
        if value is None and default is not None:
            return default
        if type(value) is not int or not 0 <= value <= most:
            raise ValueError(f"{self.name}: {key} must be a whole number, not {_short(value)}")
        return value

    def wholes(self, key: str) -> tuple[int, ...]:
        """A list of whole numbers, () if absent."""
        value = self.get(key)
        if value is None:
            return ()
        if not isinstance(value, list) or any(
            type(each) is not int or not 0 <= each <= LARGEST for each in value
        ):
            raise ValueError(f"{self.name}: {key} must list whole numbers, not {_short(value)}")
        return tuple(value)

    def windows(self, key: str) -> tuple[Window, ...]:
        """A list of pairs [opens, closes], () if absent."""
        value = self.get(key)
        if value is None:
            return ()
        if not isinstance(value, list):
            raise ValueError(f"{self.name}: {key} must list windows, not {_short(value)}")
        return tuple(self.window(key, each) for each in value)

    def window(self, key: str, value: Any) -> Window:
        """One pair [opens, closes]."""
        if not isinstance(value, list) or [type(each) for each in value] != [int, int]:
            raise ValueError(f"{self.name}: {key}: {_short(value)} is not a window")
        try:
            return Window(*value)
        except ValueError as wrong:
            raise ValueError(f"{self.name}: {key}: {wrong}") from None

    def point(self, key: str) -> tuple[float, float] | None:
        """Longitude and latitude, None if absent."""
        value = self.get(key)
        if value is None:
            return None
        is_pair = isinstance(value, list) and len(value) == 2
        if not is_pair or any(type(each) not in (int, float) for each in value):
            raise ValueError(f"{self.name}: {key} must be [lon, lat], not {_short(value)}")
        lon, lat = value
        if not (-180 <= lon <= 180 and -90 <= lat <= 90):
            raise ValueError(f"{self.name}: {key} {_short(value)} is no place on Earth")
        return float(lon), float(lat)

    def number(self, key: str, default: float, most: float) -> float:
        """A number above zero, up to `most`."""
        value = self.get(key)
        if value is None:
            return default
        if type(value) not in (int, float) or not 0 < value <= most:
            raise ValueError(
                f"{self.name}: {key} must be above 0 and at most {most:g}, not {_short(value)}"
            )
        return float(value)

    def text(self, key: str, default: str) -> str:
        """A text."""
        value = self.get(key)
        if value is None:
            return default
        if not isinstance(value, str):
            raise ValueError(f"{self.name}: {key} must be a text, not {_short(value)}")
        return value

    def object(self, key: str) -> Fields:
        """An object within it, an empty one if absent."""
        if key not in self._inner:
            value = self.get(key)
            name = f"{self.name}: {key}"
            self._inner[key] = [self._of(name, {} if value is None else value, key)]
        return self._inner[key][0]

    def objects(self, key: str) -> list[Fields]:
        """A list of objects within it, each named after its id; [] if absent."""
        value = self.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            raise ValueError(f"{self.name}: {key} must be a list, not {_short(value)}")
        if key not in self._inner:
            self._inner[key] = [self._of(f"{key[:-1]} {_id(each)}", each, key) for each in value]
        return self._inner[key]

    def refuse(self, key: str, why: str) -> None:
        """ValueError if the key is there: the planner cannot express it."""
        if self.has(key):
            raise ValueError(f"{self.name}: {key} is not understood: {why}")

    def asked_all(self) -> None:
        """Its keys are names of the file's own: none of them is ignored."""
        self._asked.update(self.values)

    def ignored(self) -> set[str]:
        """The keys in it and within that nobody has asked for, as `jobs.name`."""
        mine = {f"{self.kind}.{key}".lstrip(".") for key in set(self.values) - self._asked}
        return mine.union(*(e.ignored() for inner in self._inner.values() for e in inner))

    @staticmethod
    def _of(name: str, value: Any, kind: str) -> Fields:
        if not isinstance(value, dict):
            raise ValueError(f"{name} must be an object, not {_short(value)}")
        return Fields(name, value, kind)


def _id(value: Any) -> str:
    return _short(value.get("id", "without id")) if isinstance(value, dict) else ""


def _short(value: Any) -> str:
    told = json.dumps(value, default=str)
    return told if len(told) <= 60 else f"{told[:57]}..."
