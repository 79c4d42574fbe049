from collections.abc import Sequence

import numpy
from numpy.typing import NDArray

class Problem:
    def __init__(
        self,
        *,
        places: int,
        dims: int,
        calls: NDArray[numpy.int64],
        call_load: NDArray[numpy.int64],
        windows: NDArray[numpy.int64],
        jobs: NDArray[numpy.int64],
        start_load: NDArray[numpy.int64],
        vehicles: NDArray[numpy.int64],
        capacity: NDArray[numpy.int64],
        held_load: NDArray[numpy.int64],
        breaks: NDArray[numpy.int64],
        eligible: NDArray[numpy.uint8],
        travel: Sequence[tuple[NDArray[numpy.int32], NDArray[numpy.int32]]],
        levels: NDArray[numpy.int64],
        shares: NDArray[numpy.int64],
    ) -> None: ...
    def time(
        self, vehicle: int, calls: Sequence[int]
    ) -> tuple[list[int], int, int, list[int]] | None: ...

class Search:
    def __init__(self, problem: Problem, seed: int, remembered: int = 0) -> None: ...
    def start(self, calls: Sequence[Sequence[int]]) -> bool: ...
    def take(self, calls: Sequence[Sequence[int]]) -> bool: ...
    def run(
        self,
        *,
        iterations: int,
        planned: int,
        no_gain: int,
        seconds: float,
        ask_every_s: float,
        watch: object | None,
    ) -> None: ...
    @property
    def best(self) -> list[list[int]]: ...
    @property
    def seen(self) -> list[tuple[int, list[int], list[int]]]: ...
    @property
    def parts(self) -> list[int]: ...
    @property
    def iterations(self) -> int: ...

def match_candidates(
    jobs: NDArray[numpy.float64],
    riders: NDArray[numpy.float64],
    rule_first: NDArray[numpy.int64],
    rule_rider: NDArray[numpy.int32],
    rule_only: NDArray[numpy.uint8],
    most: int,
) -> tuple[
    NDArray[numpy.int64], NDArray[numpy.int32], NDArray[numpy.float64], NDArray[numpy.float64]
]: ...
def match_beyond(
    jobs: NDArray[numpy.float64],
    riders: NDArray[numpy.float64],
    rule_first: NDArray[numpy.int64],
    rule_rider: NDArray[numpy.int32],
    rule_only: NDArray[numpy.uint8],
    first: NDArray[numpy.int64],
    rider: NDArray[numpy.int32],
    known_m: NDArray[numpy.float64],
    job_reach_m: NDArray[numpy.float64],
    rider_reach_m: NDArray[numpy.float64],
    most: int,
) -> tuple[NDArray[numpy.int32], NDArray[numpy.int32], NDArray[numpy.float64]]: ...
def match_assign(
    first: NDArray[numpy.int64],
    rider: NDArray[numpy.int32],
    cost: NDArray[numpy.float64],
    leave: NDArray[numpy.float64],
    capacity: NDArray[numpy.int32],
) -> tuple[NDArray[numpy.int32], NDArray[numpy.float64], NDArray[numpy.float64], float]: ...
