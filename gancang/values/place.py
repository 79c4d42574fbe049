"""A point on the earth."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Point:
    """Latitude and longitude in degrees (WGS 84)."""

    lat: float
    lon: float

    def __post_init__(self) -> None:
        if not (-90 <= self.lat <= 90 and -180 <= self.lon <= 180):
            raise ValueError(f"no such place on earth: {self.lat}, {self.lon}")
