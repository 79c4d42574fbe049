"""The turns of a way in words, Indonesian and English."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from gancang_roads.errors import RoadsError
from gancang_roads.lines import Stretch, bearings
from gancang_roads.segments import lengths_m

if TYPE_CHECKING:
    from gancang_roads.network import Network

STRAIGHT, SLIGHT, SHARP, ROUND = 20, 45, 120, 165
TURN_AT_LEAST = 40
COMPASS = ("n", "ne", "e", "se", "s", "sw", "w", "nw")

WORDS = {
    "en": {
        "depart": "Start towards the {compass}{on}",
        "straight": "Continue{on}",
        "slight left": "Bear left{onto}",
        "slight right": "Bear right{onto}",
        "left": "Turn left{onto}",
        "right": "Turn right{onto}",
        "sharp left": "Turn sharp left{onto}",
        "sharp right": "Turn sharp right{onto}",
        "u-turn": "Turn round{onto}",
        "roundabout": "Enter the roundabout{on}",
        "exit": "Leave the roundabout{onto}",
        "ferry": "Take the ferry{on}",
        "arrive": "You are there",
        "arrive left": "You are there; it is on the left",
        "arrive right": "You are there; it is on the right",
        "on": " on {road}",
        "onto": " onto {road}",
        "compass": "north northeast east southeast south southwest west northwest",
    },
    "id": {
        "depart": "Berangkat ke arah {compass}{on}",
        "straight": "Terus{on}",
        "slight left": "Serong kiri{onto}",
        "slight right": "Serong kanan{onto}",
        "left": "Belok kiri{onto}",
        "right": "Belok kanan{onto}",
        "sharp left": "Belok tajam ke kiri{onto}",
        "sharp right": "Belok tajam ke kanan{onto}",
        "u-turn": "Putar balik{onto}",
        "roundabout": "Masuk bundaran{on}",
        "exit": "Keluar bundaran{onto}",
        "ferry": "Naik feri{on}",
        "arrive": "Tiba di tujuan",
        "arrive left": "Tiba di tujuan, di sebelah kiri",
        "arrive right": "Tiba di tujuan, di sebelah kanan",
        "on": " di {road}",
        "onto": " ke {road}",
        "compass": "utara timur_laut timur tenggara selatan barat_daya barat barat_laut",
    },
}


@dataclass(frozen=True, slots=True)
class Step:
    """What to do, where, and how many metres it then goes on. at: index among the stretches."""

    kind: str
    road: str
    metres: int
    text: str
    at: int


def steps(network: Network, stretches: list[Stretch], side: int, language: str) -> list[Step]:
    """What to do along the way: a step where the road's name or direction changes."""
    if language not in WORDS:
        raise RoadsError(f"directions are in {', '.join(WORDS)}, not in {language}")
    words = WORDS[language]
    found: list[Step] = []
    courses = bearings(network, stretches)
    lengths = [_metres(network, stretch) for stretch in stretches]
    begins = _begins(network, stretches, courses)
    for (at, kind), (until, _) in pairwise([*begins, (len(stretches), "")]):
        road = network.name_of(stretches[at].segment)
        text = _text(words, kind, road, courses[at][0])
        found.append(Step(kind, road, round(sum(lengths[at:until])), text, at))
    kind = {1: "arrive left", -1: "arrive right"}.get(side, "arrive")
    return [*found, Step(kind, "", 0, words[kind], len(stretches))]


def _begins(
    network: Network, stretches: list[Stretch], courses: list[tuple[float, float]]
) -> list[tuple[int, str]]:
    """Where each step begins, and what is to be done there."""
    found: list[tuple[int, str]] = []
    before = ""
    for at, stretch in enumerate(stretches):
        angle = (courses[at][0] - courses[at - 1][1] + 180) % 360 - 180 if at else 0.0
        name = network.name_of(stretch.segment)
        special = _special(network, stretch)
        was_special = _special(network, stretches[at - 1]) if at else ""
        if not at:
            found.append((at, special or "depart"))
        elif special != was_special:
            leaves = "exit" if was_special == "roundabout" else turn(angle)
            found.append((at, special or leaves))
        elif not special and (name != before or abs(angle) >= TURN_AT_LEAST):
            found.append((at, turn(angle)))
        before = name
    return found


def _special(network: Network, stretch: Stretch) -> str:
    if network.is_round[stretch.segment]:
        return "roundabout"
    road_class = network.told["classes"][network.road_class[stretch.segment]]
    return "ferry" if road_class == "ferry" else ""


def turn(angle: float) -> str:
    """The word for a turn by so many degrees, right is positive."""
    size, side = abs(angle), "right" if angle > 0 else "left"
    if size < STRAIGHT:
        return "straight"
    if size >= ROUND:
        return "u-turn"
    if size >= SHARP:
        return f"sharp {side}"
    return f"slight {side}" if size < SLIGHT else side


def _text(words: dict[str, str], kind: str, road: str, course: float) -> str:
    compass = words["compass"].split()[round(course / 45) % 8].replace("_", " ")
    on, onto = (words[key].format(road=road) if road else "" for key in ("on", "onto"))
    return words[kind].format(compass=compass, on=on, onto=onto)


def _metres(network: Network, stretch: Stretch) -> float:
    first, last = int(network.first[stretch.segment]), int(network.last[stretch.segment])
    run = lengths_m(network.x[first : last + 1], network.y[first : last + 1])
    return float(run.sum()) * abs(stretch.end - stretch.begin)
