"""Which proof a hand-over of goods needs, and what a sender must tell. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gancang.values import N_, Reason

if TYPE_CHECKING:
    from collections.abc import Sequence

# Where a programme names none: as medicine is handed over.
USUAL = ("code", "birth_date")
CALLBACK = "callback"
FACTORS = frozenset({*USUAL, "card"})
LEVELS = {
    "code": N_("The code from the message"),
    "birth_date": N_("The date of birth"),
    "card": N_("The receiver's card"),
    "signature": N_("A signature"),
    "photo": N_("A photo, with consent"),
    "witness": N_("A witness, with name and office"),
    "tick": N_("My word: I handed it over"),
    "callback": N_("The receiver is rung later: until then nobody is paid"),
}
RELATIONS = {
    "self": N_("The receiver himself or herself"),
    "family": N_("Family"),
    "neighbour": N_("A neighbour"),
    "official": N_("An official of the village"),
}
BAGS_MAX = 9


class Why(Reason):
    """Why a parcel is not placed, sent out or handed over."""

    NOT_FROM_HERE = "not_from_here", N_("Nothing of {programme} starts from {origin}.")
    NO_CONTENTS = "no_contents", N_("Write down what is brought.")
    NOBODY_CHOSEN = "nobody_chosen", N_("Find who receives it, or write the person down.")
    DECEASED = "deceased", N_("Who should receive it is noted as deceased.")
    IS_MEDICINE = (
        "is_medicine",
        N_("Order {order} brings medicine: only the pharmacy sends it out and says how it ends."),
    )
    LEVEL_NOT_ALLOWED = (
        "level_not_allowed",
        N_("{programme} does not accept that proof. It asks for: {levels}."),
    )
    NO_REASON = (
        "no_reason",
        N_("Write why it was not proved as {programme} asks for first: {level}."),
    )
    WRONG_FACTOR = (
        "wrong_factor",
        N_("That is not the code or the date of birth. Do not hand it over."),
    )
    WRONG_CARD = (
        "wrong_card",
        N_("That is not the card which this person holds now. Do not hand it over."),
    )
    NO_SIGNATURE = "no_signature", N_("Let the receiver sign with a finger on the screen.")
    NO_PHOTO = "no_photo", N_("Take the photo that proves it, with the receiver's consent.")
    NO_WITNESS = "no_witness", N_("Write down who saw it: name and office (RT, RW, cadre …).")
    MAY_NOT_BE_LEFT = (
        "may_not_be_left",
        N_("{programme} does not permit leaving anything at the door. Bring it back."),
    )
    NO_PHOTO_OF_PLACE = (
        "no_photo_of_place",
        N_("Take a photo of the place where you leave it; nobody need be on it."),
    )
    TOO_MANY_TRIES = (
        "too_many_tries",
        N_("Too many wrong tries. Ring the sender; do not hand it over."),
    )
    NO_BAGS = "no_bags", N_("Say how many pieces there are: 1 to {most}.")
    BAG_IN_USE = "bag_in_use", N_("Code {bag} is on another open order; scan the right label.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What was shown at the door: the level that is claimed, and what there is for it."""

    level: str
    factor: str = ""  # "code", "birth_date" or "card" where what was typed is right
    signature: bool = False
    photo: bool = False
    consent: bool = False
    witness: str = ""
    office: str = ""
    reason: str = ""
    left: bool = False


def is_rung(shown: Evidence, *, proof: Sequence[str]) -> bool:
    """Whether its receiver is rung before anybody is paid; also of what was left at the door."""
    return CALLBACK in (levels_of(proof)[:1] if shown.left else (shown.level,))


def levels_of(proof: Sequence[str]) -> tuple[str, ...]:
    """The levels that suffice, the required one first."""
    return tuple(proof) or USUAL


def why_not_proved(shown: Evidence, *, proof: Sequence[str], may_be_left: bool) -> Why | None:
    """Why what was shown does not prove the hand-over by a programme's levels."""
    if shown.left:
        if not may_be_left:
            return Why.MAY_NOT_BE_LEFT
        return None if shown.photo else Why.NO_PHOTO_OF_PLACE
    levels = levels_of(proof)
    if shown.level not in levels:
        return Why.LEVEL_NOT_ALLOWED
    if missing := _missing(shown):
        return missing
    if shown.level != levels[0] and not shown.reason.strip():
        return Why.NO_REASON
    return None


def _missing(shown: Evidence) -> Why | None:
    """What the claimed level lacks."""
    match shown.level:
        case "card":
            return None if shown.factor == "card" else Why.WRONG_CARD
        case "code" | "birth_date":
            return None if shown.factor == shown.level else Why.WRONG_FACTOR
        case "signature":
            return None if shown.signature else Why.NO_SIGNATURE
        case "photo":
            return None if shown.photo and shown.consent else Why.NO_PHOTO
        case "witness":
            told = shown.witness.strip() and shown.office.strip()
            return None if told else Why.NO_WITNESS
    return None
