"""Travel times and routes between places, with a map or without one.

With a map: `Network.open(path).roads("motorcycle")`. Without: `Estimate(...)`.
"""

from gancang_roads.arrays import UNREACHABLE
from gancang_roads.build import Built, build
from gancang_roads.clip import Box, Polygon
from gancang_roads.errors import (
    BadExtract,
    BadNetwork,
    EngineMissing,
    NotWritten,
    NoWay,
    OffTheMap,
    RoadsError,
)
from gancang_roads.estimate import Estimate, Leg, Matrix, Place, great_circle_m
from gancang_roads.fitting import Trip, fit, fit_errors, round_ways
from gancang_roads.matrix import RoadMatrix
from gancang_roads.network import Network, Roads
from gancang_roads.traffic import Closure

__all__ = [
    "UNREACHABLE",
    "BadExtract",
    "BadNetwork",
    "Box",
    "Built",
    "Closure",
    "EngineMissing",
    "Estimate",
    "Leg",
    "Matrix",
    "Network",
    "NoWay",
    "NotWritten",
    "OffTheMap",
    "Place",
    "Polygon",
    "RoadMatrix",
    "Roads",
    "RoadsError",
    "Trip",
    "build",
    "fit",
    "fit_errors",
    "great_circle_m",
    "round_ways",
]
