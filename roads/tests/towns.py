"""Invented towns: written as OpenStreetMap data, and small random ones."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

if TYPE_CHECKING:
    from pathlib import Path

STEP = 0.001
SOUTH, WEST = -8.2, 114.3


@dataclass
class Town:
    """Nodes at (row, column) of a grid of about 111 m, ways along them, turn restrictions."""

    nodes: dict[int, tuple[float, float]] = field(default_factory=dict)
    marks: dict[int, dict[str, str]] = field(default_factory=dict)
    ways: list[tuple[list[int], dict[str, str]]] = field(default_factory=list)
    rules: list[tuple[dict[str, str], list[tuple[str, int, str]]]] = field(default_factory=list)

    def node(self, row: float, column: float, **tags: str) -> int:
        """A node there, always the same one."""
        place = (round(SOUTH + row * STEP, 7), round(WEST + column * STEP, 7))
        number = next((n for n, p in self.nodes.items() if p == place), len(self.nodes) + 1)
        self.nodes[number] = place
        if tags:
            self.marks[number] = {k.replace("__", ":"): v for k, v in tags.items()}
        return number

    def road(self, *places: tuple[float, float], **tags: str) -> int:
        """A way along these places; answers its number."""
        told = {k.replace("__", ":"): v for k, v in tags.items()}
        self.ways.append(([self.node(*place) for place in places], told))
        return len(self.ways)

    def rule(self, kind: str, from_way: int, via: int, to_way: int, **tags: str) -> None:
        """A turn restriction through a node."""
        members = [("way", from_way, "from"), ("node", via, "via"), ("way", to_way, "to")]
        self.rules.append(({"type": "restriction", "restriction": kind, **tags}, members))

    def rule_through(self, kind: str, from_way: int, via_way: int, to_way: int) -> None:
        """A turn restriction through a way."""
        members = [("way", from_way, "from"), ("way", via_way, "via"), ("way", to_way, "to")]
        self.rules.append(({"type": "restriction", "restriction": kind}, members))

    def place(self, row: float, column: float) -> tuple[float, float]:
        """Latitude and longitude."""
        return SOUTH + row * STEP, WEST + column * STEP

    def xml(self) -> str:
        """The town as a file of OpenStreetMap."""
        parts = ['<?xml version="1.0" encoding="UTF-8"?>', '<osm version="0.6">']
        for number, (lat, lon) in self.nodes.items():
            inner = _tags(self.marks.get(number, {}))
            parts.append(f'<node id="{number}" version="1" lat="{lat}" lon="{lon}">{inner}</node>')
        for number, (nodes, tags) in enumerate(self.ways, 1):
            inner = "".join(f'<nd ref="{node}"/>' for node in nodes) + _tags(tags)
            parts.append(f'<way id="{number}" version="1">{inner}</way>')
        for number, (tags, members) in enumerate(self.rules, 1):
            told = [
                f'<member type="{kind}" ref="{ref}" role="{role}"/>' for kind, ref, role in members
            ]
            inner = "".join(told) + _tags(tags)
            parts.append(f'<relation id="{number}" version="1">{inner}</relation>')
        return "\n".join([*parts, "</osm>\n"])

    def overpass(self) -> dict[str, object]:
        """The town as an answer of Overpass."""
        elements: list[dict[str, object]] = [
            {"type": "node", "id": n, "lat": lat, "lon": lon, "tags": self.marks.get(n, {})}
            for n, (lat, lon) in self.nodes.items()
        ]
        elements += [
            {"type": "way", "id": n, "nodes": nodes, "tags": tags}
            for n, (nodes, tags) in enumerate(self.ways, 1)
        ]
        elements += [
            {
                "type": "relation",
                "id": n,
                "tags": tags,
                "members": [{"type": k, "ref": r, "role": role} for k, r, role in members],
            }
            for n, (tags, members) in enumerate(self.rules, 1)
        ]
        return {"osm3s": {"timestamp_osm_base": "2026-11-01T20:00:00Z"}, "elements": elements}

    def write(self, path: Path) -> Path:
        """Into a file."""
        path.write_text(self.xml(), "utf-8")
        return path


def _tags(tags: dict[str, str]) -> str:
    return "".join(f"<tag k={quoteattr(k)} v={quoteattr(v)}/>" for k, v in tags.items())


def grid_town(rows: int = 6, columns: int = 6) -> Town:
    """Streets along every row and column, named Jalan A1 … and Jalan B1 …"""
    town = Town()
    for row in range(rows):
        places = [(row, column) for column in range(columns)]
        town.road(*places, highway="residential", name=f"Jalan A{row}")
    for column in range(columns):
        places = [(row, column) for row in range(rows)]
        town.road(*places, highway="residential", name=f"Jalan B{column}")
    return town
