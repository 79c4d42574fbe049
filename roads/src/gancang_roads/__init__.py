"""Travel times between places, with a map or without one. This release: without one."""

from gancang_roads.estimate import Estimate, Leg, Matrix, Place, great_circle_m

__all__ = ["Estimate", "Leg", "Matrix", "Place", "great_circle_m"]
