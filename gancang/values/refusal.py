"""A "no" that a person can act on: a named reason with its sentence."""

from __future__ import annotations

from enum import StrEnum
from typing import Self


def N_(sentence: str) -> str:
    """Mark a sentence for translation in modules that may not import Django."""
    return sentence


class Reason(StrEnum):
    """Why something was refused, in order of precedence. `CODE = "code", N_("Sentence.")`."""

    sentence: str

    def __new__(cls, code: str, sentence: str = "") -> Self:
        """Make a member that equals its code and carries its sentence."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.sentence = sentence
        return member


class Refused(Exception):
    """The deed was not done, and here is why. Nothing was changed."""

    def __init__(self, reason: Reason, **facts: object) -> None:
        """Keep the reason and the facts that its sentence names in braces."""
        super().__init__(reason.value)
        self.reason = reason
        self.facts = facts

    def __str__(self) -> str:
        return self.reason.sentence.format(**self.facts)
