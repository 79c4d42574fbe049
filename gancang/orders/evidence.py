"""What a rider brings along to prove a hand-over: a signature, a photo, and his device's clock."""

from __future__ import annotations

import base64
import re
from datetime import datetime, timedelta

from gancang.values import N_, Reason, Refused
from gancang.web.photos import as_jpeg

PHOTO_SIDE_MAX = 1280
SIGNATURE_MAX = 20_000
SIGNATURE_WIDTH, SIGNATURE_HEIGHT = 600, 200
# Lines drawn with a finger, as an SVG path of whole numbers: nothing in it can run.
SIGNATURE = re.compile(r"(?:M\d{1,4} \d{1,4}(?:L\d{1,4} \d{1,4})*)+")
CLOCK_OFF_MAX = timedelta(minutes=5)


class Why(Reason):
    """Why a piece of evidence is not taken."""

    PHOTO_WITHOUT_CONSENT = (
        "photo_without_consent",
        N_("A photo only with the patient's consent: tick it, or leave the photo out."),
    )
    SIGNATURE_UNREADABLE = (
        "signature_unreadable",
        N_("The signature did not arrive whole. Clear it and draw it again, or leave it out."),
    )
    NO_WITNESS = (
        "no_witness",
        N_("Where the receiver cannot sign, write down the name of somebody who saw it."),
    )


def clean_photo(raw: bytes) -> str:
    """A photo as it is kept: upright, at most 1280 px, JPEG, without what the camera wrote in it.

    Base64, since it is sealed as text. Refused if it is too big or no photo.
    """
    return base64.b64encode(as_jpeg(raw, side=PHOTO_SIDE_MAX)).decode()


def clean_signature(path: str) -> str:
    """The drawn lines, or "" where nothing was drawn. Refused if they are no lines."""
    path = path.strip()
    if path and (len(path) > SIGNATURE_MAX or not SIGNATURE.fullmatch(path)):
        raise Refused(Why.SIGNATURE_UNREADABLE)
    return path


def device_time(told: str) -> datetime | None:
    """What a device's clock said, with its zone; None where it told nothing that is a time."""
    try:
        at = datetime.fromisoformat(told.strip())
    except ValueError:
        return None
    return at if at.tzinfo else None


def seconds_off(device: datetime, ours: datetime) -> int:
    """How far a device's clock runs ahead of ours (behind: below zero), both read at once."""
    return round((device - ours).total_seconds())
