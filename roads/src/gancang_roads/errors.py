"""What people may get wrong. All are ValueErrors whose message says what and how to mend it."""

from __future__ import annotations


class RoadsError(ValueError):
    """Something that was handed in is not as it should be."""


class BadExtract(RoadsError):
    """The file is no OpenStreetMap data, is cut off, or holds no roads where they were wanted."""


class BadNetwork(RoadsError):
    """The file is no network of this version, or was damaged."""


class NotWritten(RoadsError):
    """The disk is full, or nothing may be written there. `why` is what the system says."""

    def __init__(self, message: str, why: str) -> None:
        super().__init__(f"{message}: {why}")
        self.why = why


class OffTheMap(RoadsError):
    """A point lies too far from any road. `row` counts the points from 0."""

    def __init__(self, message: str, row: int = 0) -> None:
        super().__init__(message)
        self.row = row


class NoWay(RoadsError):
    """Both points lie on roads, and no way leads from one to the other."""


class EngineMissing(RoadsError):
    """A package that only maps need is not installed; estimates work without."""
