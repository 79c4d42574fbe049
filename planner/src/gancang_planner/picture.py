"""A plan as a picture: SVG, complete in itself, for people who see and people who listen."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from gancang_planner.outcome import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gancang_planner.outcome import Plan, Route
    from gancang_planner.snapshot import Snapshot

    Point = tuple[float, float]

MAP, LEGEND, MARGIN, ROW = 1000, 300, 30, 22
GOLDEN_ANGLE = 137.508
"""Hues so far apart that no two of a few dozen come near each other."""
HEAD = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height:.0f}" role="img"'
    ' aria-labelledby="title desc" font-family="sans-serif" font-size="13">'
)


def svg(
    coordinates: Sequence[Point], plan: Plan, snapshot: Snapshot | None = None, title: str = "Plan"
) -> str:
    """The plan's routes as lines through their numbered stops, with a legend.

    `coordinates`: for each place of the matrix how far right and how far up it lies, in any unit.
    With the snapshot, the ways from the start and to the end of each route are drawn as well.
    Places beyond the coordinates are left out. Raises ValueError without any coordinates.
    """
    if not coordinates:
        raise ValueError("nothing to draw: no place has coordinates")
    sheet = _Sheet.of(coordinates)
    ends = {v.id: (v.start_place, v.end_place) for v in snapshot.vehicles} if snapshot else {}
    height = max(sheet.height, 2 * MARGIN + ROW * (len(plan.routes) + 2))
    body: list[str] = []
    for number, route in enumerate(plan.routes):
        start, end = ends.get(route.vehicle_id, (None, None))
        body += _drawn(route, sheet.line([start, *_places(route), end]), _colour(number))
        body += _start(route, sheet.line([start]), _colour(number))
        body += _dots(route, sheet, _colour(number))
    rows = [_row(number, route) for number, route in enumerate(plan.routes)]
    rows.append(_text(len(rows), f"{len(plan.unserved)} jobs not served"))
    return "\n".join(
        [
            HEAD.format(width=MAP + LEGEND, height=height),
            f'<title id="title">{escape(title)}</title>',
            f'<desc id="desc">{escape(_told(plan))}</desc>',
            '<rect width="100%" height="100%" fill="#fff"/>',
            *body,
            *rows,
            "</svg>\n",
        ]
    )


@dataclass(frozen=True, slots=True)
class _Sheet:
    """Where each place lies on the picture."""

    points: list[Point]
    height: float

    @classmethod
    def of(cls, coordinates: Sequence[Point]) -> _Sheet:
        xs, ys = zip(*coordinates, strict=True)
        left, top = min(xs), max(ys)
        scale = (MAP - 2 * MARGIN) / (max(max(xs) - left, top - min(ys)) or 1)
        points = [(MARGIN + (x - left) * scale, MARGIN + (top - y) * scale) for x, y in coordinates]
        return cls(points, (top - min(ys)) * scale + 2 * MARGIN)

    def line(self, places: Sequence[int | None]) -> list[Point]:
        """The points of the places that are on the picture."""
        return [self.points[p] for p in places if p is not None and p < len(self.points)]


def _places(route: Route) -> list[int]:
    return [visit.place for visit in route.visits]


def _colour(number: int) -> str:
    return f"hsl({number * GOLDEN_ANGLE % 360:.0f} 65% 35%)"


def _drawn(route: Route, points: list[Point], colour: str) -> Iterator[str]:
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    yield (
        f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="1.5"'
        f' stroke-linejoin="round"><title>{escape(route.vehicle_id)}</title></polyline>'
    )


def _start(route: Route, points: list[Point], colour: str) -> Iterator[str]:
    for x, y in points:
        yield (
            f'<rect x="{x - 6:.1f}" y="{y - 6:.1f}" width="12" height="12" fill="{colour}">'
            f"<title>{escape(route.vehicle_id)} sets out</title></rect>"
        )


def _dots(route: Route, sheet: _Sheet, colour: str) -> Iterator[str]:
    """A numbered dot a stop, a pickup hollow; several at one place stand as one, with all said."""
    turns: dict[int, list[int]] = {}
    for turn, visit in enumerate(route.visits):
        if visit.place < len(sheet.points):
            turns.setdefault(visit.place, []).append(turn)
    for place, at in turns.items():
        x, y = sheet.points[place]
        said = "; ".join(
            f"{n + 1}: {route.visits[n].kind} {route.visits[n].job_id}".strip() for n in at
        )
        is_pickup = all(route.visits[n].kind == Kind.PICKUP for n in at)
        fill, ink = ("#fff", colour) if is_pickup else (colour, "#fff")
        yield (
            f"<g><title>{escape(f'{route.vehicle_id}, {said}')}</title>"
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{8 if len(at) == 1 else 11}" fill="{fill}"'
            f' stroke="{colour}"/>'
            f'<text x="{x:.1f}" y="{y + 3:.1f}" text-anchor="middle" font-size="8"'
            f' fill="{ink}">{_turns(at)}</text></g>'
        )


def _turns(at: list[int]) -> str:
    """What a dot says: its number, or the first and the last of several."""
    return f"{at[0] + 1}" if len(at) == 1 else f"{at[0] + 1}-{at[-1] + 1}"


def _row(number: int, route: Route) -> str:
    y = MARGIN + ROW * number
    line = f'<path d="M{MAP} {y}h24" stroke="{_colour(number)}" stroke-width="4"/>'
    return line + _text(number, f"{route.vehicle_id}: {len(route.visits)} stops", indent=32)


def _text(row: int, text: str, indent: int = 0) -> str:
    return f'<text x="{MAP + indent}" y="{MARGIN + ROW * row + 4}">{escape(text)}</text>'


def _told(plan: Plan) -> str:
    routes = "; ".join(f"{each.vehicle_id} makes {len(each.visits)} stops" for each in plan.routes)
    return f"{len(plan.routes)} routes: {routes}. {len(plan.unserved)} jobs are not served."
