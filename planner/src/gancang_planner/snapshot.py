"""What is known when a plan is asked for: jobs, vehicles, and the ways between places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from gancang_planner.checks import PERCENT_MAX, once, whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from gancang_planner.model import Job, Vehicle

    Ways = NDArray[np.int32]
    """A number for the way from each place to each, shape (places, places)."""

UNREACHABLE = 2**31 - 1
"""The entry of a matrix where no road leads."""

JOBS_MAX = 100_000
VEHICLES_MAX = 20_000


@dataclass(frozen=True, slots=True, eq=False)
class Matrix:
    """Travel between places: `seconds[a, b]` and `metres[a, b]` from a to b, shape (n, n) each.

    Read-only, C-contiguous, int32, whatever rows of whole numbers they are made from. Need not be
    symmetric. UNREACHABLE in `seconds` says that no road leads from a to b.
    """

    seconds: Ways
    metres: Ways

    def __post_init__(self) -> None:
        size = len(self.seconds)
        object.__setattr__(self, "seconds", _table("seconds", self.seconds, size))
        object.__setattr__(self, "metres", _table("metres", self.metres, size))

    @classmethod
    def of(cls, seconds: Sequence[Any] | Ways, metres: Sequence[Any] | Ways) -> Matrix:
        """The same from rows of any kind that hold whole numbers (lists, tuples, arrays)."""
        return cls(seconds, metres)  # type: ignore[arg-type]  # __post_init__ makes them arrays

    def __len__(self) -> int:
        return len(self.seconds)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Matrix):
            return NotImplemented
        return np.array_equal(self.seconds, other.seconds) and np.array_equal(
            self.metres, other.metres
        )

    def __hash__(self) -> int:
        return hash((self.seconds.tobytes(), self.metres.tobytes()))


def _table(name: str, rows: Any, size: int) -> Ways:
    """The rows as an array of the promised kind; ValueError names the row that does not fit."""
    if len(rows) != size:
        raise ValueError(f"{name} has {len(rows)} rows, not {size}")
    if not size:
        return np.zeros((0, 0), np.int32)
    if not isinstance(rows, np.ndarray) or rows.shape != (size, size):
        for place, row in enumerate(rows):
            if np.ndim(row) != 1 or len(row) != size:
                raise ValueError(f"row {place} of {name} has {np.size(row)} entries, not {size}")
    if not _is_whole(table := np.asarray(rows)):
        place = next(place for place, row in enumerate(rows) if not _is_whole(np.asarray(row)))
        raise ValueError(
            f"row {place} of {name} holds more than whole numbers from 0 to UNREACHABLE"
        )
    if table.dtype != np.int32 or not table.flags.c_contiguous or table.flags.writeable:
        table = np.array(table, np.int32, order="C")  # a copy: nobody changes it behind our back
        table.setflags(write=False)
    return table


def _is_whole(values: NDArray[Any]) -> bool:
    if values.dtype.kind not in "iu":
        return False
    return bool(values.min() >= 0 and values.max() <= UNREACHABLE)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All that is known at `now_s`: nothing in the plan starts before it.

    `matrix`: one for all vehicles (profile ""), or one a profile, all of one size. `hour_percent`:
    none, or 24 percentages of travel time, one an hour; that of the hour of `now_s` holds for the
    whole plan. `running`: pairs of job and vehicle of the plan that runs now, for
    `Term.CHANGES`; jobs and vehicles that are gone do not count.
    Raises ValueError, before anything else is looked at, above JOBS_MAX jobs or VEHICLES_MAX
    vehicles.
    """

    jobs: tuple[Job, ...]
    vehicles: tuple[Vehicle, ...]
    matrix: Matrix | Mapping[str, Matrix]
    now_s: int = 0
    hour_percent: tuple[int, ...] = ()
    running: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        if len(self.jobs) > JOBS_MAX or len(self.vehicles) > VEHICLES_MAX:
            raise ValueError(
                f"{len(self.jobs)} jobs and {len(self.vehicles)} vehicles are too many:"
                f" at most {JOBS_MAX} and {VEHICLES_MAX}"
            )
        whole("now", self.now_s)
        whole("a percentage of an hour", *self.hour_percent, least=1, most=PERCENT_MAX)
        if len(self.hour_percent) not in (0, 24):
            raise ValueError(f"hour_percent has {len(self.hour_percent)} entries, not 24")
        once("job", (job.id for job in self.jobs))
        once("vehicle", (vehicle.id for vehicle in self.vehicles))
        once("committed job", (each for v in self.vehicles for each in v.committed()))
        once("running job", (job_id for job_id, _ in self.running))
        self._check_matrices()
        self._check_places()
        self._check_dimensions()
        known = {job.id for job in self.jobs}
        for vehicle in self.vehicles:
            if unknown := [each for each in vehicle.committed() if each not in known]:
                raise ValueError(f"vehicle {vehicle.id} holds an unknown job {unknown[0]!r}")

    def matrices(self) -> Mapping[str, Matrix]:
        """The matrix of each profile."""
        return {"": self.matrix} if isinstance(self.matrix, Matrix) else self.matrix

    def hour_factor_percent(self) -> int:
        """The percentage that travel times are to be multiplied with at this hour."""
        return self.hour_percent[self.now_s // 3600 % 24] if self.hour_percent else 100

    def _check_matrices(self) -> None:
        matrices = self.matrices()
        if not matrices:
            raise ValueError("a snapshot needs a matrix")
        if len({len(matrix) for matrix in matrices.values()}) > 1:
            sizes = {name: len(matrix) for name, matrix in matrices.items()}
            raise ValueError(f"the matrices differ in size: {sizes}")
        for vehicle in self.vehicles:
            if vehicle.profile not in matrices:
                raise ValueError(
                    f"vehicle {vehicle.id} needs a matrix of profile {vehicle.profile!r}"
                )

    def _check_places(self) -> None:
        places = len(next(iter(self.matrices().values())))
        for owner, place in self._places():
            if place >= places:
                raise ValueError(f"{owner} names place {place}, but the matrix has {places} places")

    def _places(self) -> Iterable[tuple[str, int]]:
        for job in self.jobs:
            yield from ((f"job {job.id}", stop.place) for stop in job.stops())
        for vehicle in self.vehicles:
            yield f"vehicle {vehicle.id}", vehicle.start_place
            if vehicle.end_place is not None:
                yield f"vehicle {vehicle.id}", vehicle.end_place

    def _check_dimensions(self) -> None:
        # An empty load weighs nothing in any dimension.
        sizes = [(f"the load of job {j.id}", len(j.total_load())) for j in self.jobs]
        sizes = [each for each in sizes if each[1]]
        sizes += [(f"the capacity of vehicle {v.id}", len(v.capacity)) for v in self.vehicles]
        for owner, size in sizes:
            if size != sizes[0][1]:
                raise ValueError(f"{owner} has {size} dimensions, but {sizes[0][0]} {sizes[0][1]}")
