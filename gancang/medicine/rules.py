"""What a prescription must say, and what a pharmacist must have done. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gancang.addresses.rules import read_pin
from gancang.medicine.item_lines import ITEMS_MAX, find_bad_line, read_lines
from gancang.medicine.written import find_moment
from gancang.residents.rules import (
    find_day,
    normal_phone,
    why_not_birth_date,
    why_not_nik,
    why_not_phone,
)
from gancang.values import N_, Reason

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from gancang.values import Point


class Why(Reason):
    """Refusals of this capability."""

    MISSING = "missing", N_("This is needed.")
    TOO_LONG = "too_long", N_("This is too long: at most {most} characters.")
    ODD_CHARACTER = (
        "odd_character",
        N_("There is a character here that cannot be typed or printed."),
    )
    FORMULA = "formula", N_("This looks like a spreadsheet formula; write plain text.")
    NOT_A_DATE = "not_a_date", N_("This is not a date; write it like 09-03-1951 or 1951-03-09.")
    NOT_A_MOMENT = (
        "not_a_moment",
        N_("Write day and time like 24-11-2026 09:40, or 09:40 alone for today."),
    )
    NOT_A_DESIL = (
        "not_a_desil",
        N_(
            "A desil is a number from 1 to 10; write 0 for a household that is not in the registry."
        ),
    )
    NOT_RUPIAH = "not_rupiah", N_("Write the accepted price in whole rupiah, like 18000.")
    NO_JUDGE = "no_judge", N_("Write which pharmacist judged that a visit is needed.")
    NO_VISIT = "no_visit", N_("Order {order} is brought by a rider, not by a visit.")
    NOT_YOUR_VISIT = "not_your_visit", N_("Take the visit of order {order} on first.")
    NOT_YES_OR_NO = "not_yes_or_no", N_("Write “ya” or “tidak”.")
    NO_SUCH_VILLAGE = (
        "no_such_village",
        N_("No village “{village}” is known here; write its name and district."),
    )
    DATE_AHEAD = "date_ahead", N_("This date lies in the future.")
    NO_PHONE = (
        "no_phone",
        N_(
            "Without a phone number nobody can ring before the door. Ask for one, of the family or "
            "a neighbour; write - if there is none."
        ),
    )
    NO_SECOND_FACTOR = (
        "no_second_factor",
        N_("Give the date of birth: the rider asks for it at the door."),
    )
    ITEM_LINE = (
        "item_line",
        N_(
            "Item {line} is not written like “name | quantity | days of supply | class”, with "
            "days from 1 to 366; what is not known stays empty."
        ),
    )
    TOO_MANY_ITEMS = "too_many_items", N_("These are more than {most} items; split them.")
    NO_SUCH_CLASS = (
        "no_such_class",
        N_("Item {line}: there is no class of medicine “{code}”; there are {known}."),
    )
    COUNSELLING_INCOMPLETE = (
        "counselling_incomplete",
        N_("Tick every point of the counselling that was done; all five are needed."),
    )
    NOT_CHECKED = "not_checked", N_("Make the final check and tick it.")
    NO_BAGS = "no_bags", N_("Say how many bags there are: 1 to 9.")
    BAG_IN_USE = "bag_in_use", N_("Bag code {bag} is on another open order; scan the right label.")
    SAME_NUMBER_OTHER_PATIENT = (
        "same_number_other_patient",
        N_("Number {number} is that of another patient, order {order}; compare it with the paper."),
    )
    NOT_NAMED = (
        "not_named",
        N_(
            "Beside the patient only {names} may receive it. Compare the name; if it has to be "
            "somebody else, write why."
        ),
    )
    NOT_MEDICINE = (
        "not_medicine",
        N_("Order {order} brings no medicine; open it from your list of stops."),
    )
    KEY_USED_DIFFERENTLY = (
        "key_used_differently",
        N_("This Idempotency-Key was used before with another content."),
    )
    # Of files and machines.
    NO_FILE = "no_file", N_("The file {file} cannot be read; check its name and folder.")
    NOT_UTF8 = "not_utf8", N_("This is not UTF-8 text; save the file as “CSV UTF-8”.")
    NO_ROWS = "no_rows", N_("The file has no prescriptions; the first row names the columns.")
    NO_COLUMN = "no_column", N_("The column {column} is missing.")
    UNKNOWN_COLUMN = (
        "unknown_column",
        N_("There is no column “{column}” in such a file; take it out or correct its name."),
    )
    DOUBLE_COLUMN = "double_column", N_("The column {column} stands there twice.")
    TOO_MANY_ROWS = "too_many_rows", N_("The file has more than {most} rows; cut it into several.")
    ROW_TOO_LONG = "row_too_long", N_("This is far too long; a whole row may have {most} bytes.")
    WRONG_CELLS = (
        "wrong_cells",
        N_("This row has {cells} cells, the first row {columns}; look for a stray separator."),
    )
    BAD_QUOTES = (
        "bad_quotes",
        N_("The quotation marks do not match here; nothing after this row could be read."),
    )
    DOUBLE_NUMBER = "double_number", N_("Prescription {number} stands in row {row} as well.")
    NAME_THE_HOSPITAL = (
        "name_the_hospital",
        N_("Say which hospital the file is from: --origin with one of {hospitals}."),
    )
    NO_SUCH_HOSPITAL = (
        "no_such_hospital",
        N_("This region has no hospital {origin}; there are {hospitals}."),
    )
    NO_PRESCRIPTIONS_FROM_HERE = (
        "no_prescriptions_from_here",
        N_("{origin} is no hospital or health centre; prescriptions do not come from there."),
    )
    INVALID = "invalid", N_("Some fields have to be mended first; nothing was placed.")
    WRONG_TYPE = "wrong_type", N_("This has to be {wanted}.")
    UNKNOWN_FIELD = "unknown_field", N_("There is no such field.")
    NOT_JSON = "not_json", N_("The body is not JSON that can be read.")
    NO_TOKEN = "no_token", N_("Send a valid token: “Authorization: Bearer …”.")
    NOT_FOUND = "not_found", N_("There is no such prescription of your organisation.")


FACTORS = {
    "birth_date": N_("date of birth"),
    "door_code": N_("the code that was sent"),
}
RELATIONS = {
    "patient": N_("The patient"),
    "family": N_("Family in the house"),
    "carer": N_("Carer or neighbour named by the patient"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A prescription as it comes through any of the three doors: checked and normalised."""

    number: str
    clinic: str
    prescriber: str
    items: str
    full_name: str
    nik: str
    birth_date: date | None
    phone: str
    village: str
    address: str
    landmark: str
    lat: float | None
    lon: float | None
    pbi: bool
    pbi_as_of: date
    # Further proofs; None where nobody was asked about them.
    village_letter: bool | None = None
    village_letter_as_of: date | None = None
    desil: int | None = None
    desil_as_of: date | None = None
    local_list: bool | None = None
    local_list_as_of: date | None = None
    judged_in_need: bool | None = None
    judged_by: str = ""
    accepts_rp: int = 0  # the most that the patient agreed to pay for the delivery
    confirmed: bool = False  # address and phone were read back to the patient
    prescribed_at: str = ""  # ISO; without a zone it is the region's clock; "": nobody said


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one field."""

    field: str
    why: Reason
    facts: Mapping[str, object]


LENGTHS = {
    "number": 40,
    "clinic": 80,
    "prescriber": 120,
    "items": 4000,
    "full_name": 120,
    "nik": 20,
    "birth_date": 20,
    "phone": 30,
    "village": 20,
    "address": 200,
    "landmark": 200,
    "lat": 30,
    "lon": 30,
    "pbi": 10,
    "pbi_as_of": 20,
    "village_letter": 10,
    "village_letter_as_of": 20,
    "desil": 4,
    "desil_as_of": 20,
    "local_list": 10,
    "local_list_as_of": 20,
    "judged_in_need": 10,
    "judged_by": 120,
    "accepts_rp": 20,
    "confirmed": 10,
    "prescribed_at": 40,
}
NO_PHONE = "-"
NEEDED = ("number", "clinic", "prescriber", "items", "full_name", "village", "address", "pbi")


class Reader:
    """Reads one prescription's fields out of what was typed, and collects what is wrong."""

    def __init__(self, typed: Mapping[str, str], *, today: date) -> None:
        """Take the typed fields by their names of LENGTHS; missing ones are empty."""
        self.today = today
        self.problems: list[Problem] = []
        self.text = {name: typed.get(name, "").strip() for name in LENGTHS}
        for name, text in self.text.items():
            why = _why_not_text(text, LENGTHS[name], needed=name in NEEDED, many=name == "items")
            if why:
                self.wrong(name, why, most=LENGTHS[name])

    def wrong(self, field: str, why: Reason, **facts: object) -> None:
        """Note a problem; the first of a field is the one that is told."""
        if all(problem.field != field for problem in self.problems):
            self.problems.append(Problem(field, why, facts))

    def day(self, field: str) -> date | None:
        """A date written either way round; None for nothing or a problem."""
        text = self.text[field]
        if not text:
            return None
        if (day := find_day(text)) is None:
            self.wrong(field, Why.NOT_A_DATE)
        return day

    def pin(self) -> Point | None:
        """Where the house stands; None for nothing or a problem."""
        point, wrong = read_pin(self.text["lat"], self.text["lon"])
        for field, why in wrong.items():
            self.wrong(field, why, lat=self.text["lat"], lon=self.text["lon"])
        return point

    def yes(self, field: str) -> bool:
        """Yes or no, as Indonesians and spreadsheets write it."""
        text = self.text[field].lower()
        if text not in {"ya", "y", "yes", "true", "1", "tidak", "t", "no", "n", "false", "0"}:
            self.wrong(field, Why.NOT_YES_OR_NO)
        return text in {"ya", "y", "yes", "true", "1"}

    def yes_if_told(self, field: str) -> bool | None:
        """Yes or no; None where the field is empty."""
        return self.yes(field) if self.text[field] else None

    def past_day(self, field: str) -> date | None:
        """A day that is not ahead."""
        day = self.day(field)
        if day and day > self.today:
            self.wrong(field, Why.DATE_AHEAD)
        return day

    def moment(self, field: str) -> str:
        """A day and time that is not ahead, as ISO; "" for nothing or a problem."""
        text = self.text[field]
        if not text:
            return ""
        if (at := find_moment(text, today=self.today)) is None:
            self.wrong(field, Why.NOT_A_MOMENT)
            return ""
        if at.date() > self.today:
            self.wrong(field, Why.DATE_AHEAD)
        return at.isoformat()

    def whole(self, field: str, most: int, why: Reason) -> int | None:
        """A whole number up to `most`, dots between its thousands allowed; None for nothing."""
        text = re.sub(r"(?i)^rp|[.\s]", "", self.text[field])
        if not text:
            return None
        if not re.fullmatch(r"[0-9]{1,12}", text) or int(text) > most:
            self.wrong(field, why)
            return None
        return int(text)


def read_draft(
    typed: Mapping[str, str], *, villages: Mapping[str, object], today: date
) -> Draft | list[Problem]:
    """The prescription that was typed, or all that is wrong with it, a problem a field."""
    reader = Reader(typed, today=today)
    birth_date, as_of = reader.day("birth_date"), reader.past_day("pbi_as_of")
    pbi = reader.yes("pbi")
    nik = reader.text["nik"].replace(" ", "")
    phone = normal_phone(reader.text["phone"])
    _check_person(reader, nik=nik, phone=phone, birth_date=birth_date)
    if reader.text["village"] not in villages:
        reader.wrong("village", Why.NO_SUCH_VILLAGE, village=reader.text["village"][:20])
    _check_items(reader)
    pin = reader.pin()
    further = _further_proofs(reader)
    if reader.problems:
        return reader.problems
    plain = (
        "number",
        "clinic",
        "prescriber",
        "items",
        "full_name",
        "village",
        "address",
        "landmark",
    )
    words: dict[str, Any] = {name: reader.text[name] for name in plain} | further
    return Draft(
        **words,
        nik=nik,
        birth_date=birth_date,
        phone=phone,
        lat=pin.lat if pin else None,
        lon=pin.lon if pin else None,
        pbi=pbi,
        pbi_as_of=as_of or today,
    )


def _check_items(reader: Reader) -> None:
    text = reader.text["items"]
    if line := find_bad_line(text):
        reader.wrong("items", Why.ITEM_LINE, line=line)
    elif len(read_lines(text)) > ITEMS_MAX:
        reader.wrong("items", Why.TOO_MANY_ITEMS, most=ITEMS_MAX)


def _further_proofs(reader: Reader) -> dict[str, Any]:
    """What was told beside the card, and which price was accepted."""
    told: dict[str, Any] = {
        "village_letter": reader.yes_if_told("village_letter"),
        "village_letter_as_of": reader.past_day("village_letter_as_of"),
        "desil": reader.whole("desil", 10, Why.NOT_A_DESIL),
        "desil_as_of": reader.past_day("desil_as_of"),
        "local_list": reader.yes_if_told("local_list"),
        "local_list_as_of": reader.past_day("local_list_as_of"),
        "judged_in_need": reader.yes_if_told("judged_in_need"),
        "judged_by": reader.text["judged_by"],
        "confirmed": reader.yes_if_told("confirmed") or False,
        "prescribed_at": reader.moment("prescribed_at"),
        "accepts_rp": reader.whole("accepts_rp", 10**9, Why.NOT_RUPIAH) or 0,
    }
    if told["judged_in_need"] and not told["judged_by"]:
        reader.wrong("judged_in_need", Why.NO_JUDGE)
    return told


def _check_person(reader: Reader, *, nik: str, phone: str, birth_date: date | None) -> None:
    if nik and (why := why_not_nik(nik)):
        reader.wrong("nik", why)
    if not phone:
        # "-" says that somebody asked and there is none; an empty field may be forgotten.
        if reader.text["phone"] != NO_PHONE:
            reader.wrong("phone", Why.NO_PHONE)
    elif why := why_not_phone(phone):
        reader.wrong("phone", why)
    if birth_date is None:
        reader.wrong("birth_date", Why.NO_SECOND_FACTOR)
    elif why := why_not_birth_date(birth_date, today=reader.today):
        reader.wrong("birth_date", why)


def _why_not_text(text: str, most: int, *, needed: bool, many: bool) -> Reason | None:
    if needed and not text:
        return Why.MISSING
    if len(text) > most:
        return Why.TOO_LONG
    allowed = "\n\r\t" if many else ""
    if any((not char.isprintable()) and char not in allowed for char in text):
        return Why.ODD_CHARACTER
    return Why.FORMULA if text.startswith(("=", "@")) else None
