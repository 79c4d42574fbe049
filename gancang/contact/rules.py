"""What a patient's text means, who may speak for a patient, and why something is not done. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from gancang.values import N_, Reason

MORNING = time(7, 0)


class Meaning(StrEnum):
    """What a text asks for."""

    YES = "yes"
    TOMORROW = "tomorrow"
    CANCEL = "cancel"
    STOP = "stop"
    START = "start"
    OTHER = "other"


# Whole answers as people type them; anything longer is read by a person.
WORDS = {
    Meaning.YES: {"ya", "iya", "y", "yes", "ok", "oke", "benar", "betul", "nggih", "inggih"},
    Meaning.TOMORROW: {"besok", "besuk", "esok", "lagguna"},
    Meaning.CANCEL: {"batal", "batalkan", "cancel"},
    Meaning.STOP: {"stop", "berhenti"},
    Meaning.START: {"mulai", "start"},
}
POLITE = {"saja", "aja", "pak", "bu", "mas", "mbak", "kak", "terima", "kasih", "makasih", "min"}
CODE = re.compile(r"\b[A-Z]{3}-[A-Z0-9]{4}-[A-Z0-9]{4}\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Read:
    """A text as it was understood: its meaning, and the order's code if it names one."""

    meaning: Meaning
    code: str = ""


def read_text(text: str) -> Read:
    """What a text means. One word, perhaps with a polite one and the order's code; else OTHER."""
    code = found[0].upper() if (found := CODE.search(text)) else ""
    words = [w for w in re.findall(r"\w+", CODE.sub(" ", text).casefold()) if w not in POLITE]
    for meaning, known in WORDS.items():
        if words and set(words) <= known:
            return Read(meaning, code)
    return Read(Meaning.OTHER, code)


def next_morning(now: datetime, zone: str) -> datetime:
    """Tomorrow morning, where the patient lives."""
    here = now.astimezone(ZoneInfo(zone)) + timedelta(days=1)
    return here.replace(hour=MORNING.hour, minute=MORNING.minute, second=0, microsecond=0)


# Who stands at a desk or rings for a patient.
RELATIONS = {
    "patient": N_("The patient"),
    "family": N_("Family"),
    "neighbour": N_("A neighbour"),
    "village": N_("The village office"),
    "carer": N_("A health worker or carer"),
}


class Why(Reason):
    """Refusals of this capability."""

    ON_ITS_WAY = (
        "on_its_way",
        N_("A rider already holds the bag of order {order}. Ring the pharmacy."),
    )
    NOT_ASKED = "not_asked", N_("Do this only when the patient asked for it; then tick it.")
    WHO_ASKED = "who_asked", N_("Write down who asks for the patient.")
    NO_WORDS = "no_words", N_("Write what the patient is to read.")
    ANSWERED = "answered", N_("Somebody has answered this message already.")


class Unclear(Reason):
    """Why a person must read a message that looked plain."""

    NOTHING_OPEN = "nothing_open", N_("No open order belongs to this phone.")
    SEVERAL = "several", N_("Several orders belong to this phone; ask which one is meant.")
    TOO_LATE = "too_late", N_("It was too late for that: a rider holds the bag, or it has ended.")
    WORDS = "words", N_("Not one of the short answers.")
    SAYS_WRONG = "says_wrong", N_("The patient's page: something about the address is wrong.")
