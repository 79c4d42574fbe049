"""What a NIK, a phone number and a birth date may look like."""

import re
from calendar import monthrange
from contextlib import suppress
from datetime import date, timedelta

from gancang.values import N_, Reason
from gancang.values.phone import is_phone
from gancang.values.phone import normal_phone as normal_phone  # noqa: PLC0414 - a rule here too


class Why(Reason):
    """Why something typed about a person cannot be taken."""

    NIK_NOT_16_DIGITS = (
        "nik_not_16_digits",
        N_("A NIK has 16 digits; leave it empty if there is none."),
    )
    NIK_NO_SUCH_DAY = (
        "nik_no_such_day",
        N_("Digits 7 to 12 of this NIK are not a date of birth; compare it with the card."),
    )
    PHONE_NOT_A_MOBILE = (
        "phone_not_a_mobile",
        N_("Write the phone number with its area code, like 0812 3456 7890."),
    )
    BIRTH_DATE_AHEAD = "birth_date_ahead", N_("The date of birth lies in the future.")
    BIRTH_DATE_TOO_OLD = "birth_date_too_old", N_("Nobody is that old; check the year of birth.")
    PIN_OUTSIDE = "pin_outside", N_("This point lies outside the region.")
    PIN_FAR = "pin_far", N_("This point lies in another village; compare it with the address.")
    DIED_AHEAD = "died_ahead", N_("The day of death lies in the future.")
    DIED_BEFORE_BIRTH = "died_before_birth", N_("The day of death lies before the birth.")
    NO_SUCH_SOURCE = "no_such_source", N_("Say who told it.")

    CARD_NOT_16_DIGITS = (
        "card_not_16_digits",
        N_("A family card has 16 digits; leave it empty if there is none."),
    )
    NIK_TAKEN = (
        "nik_taken",
        N_("Another person here has this NIK; if it is the same one, merge the two."),
    )
    CHANGED_MEANWHILE = (
        "changed_meanwhile",
        N_("Somebody else changed this person meanwhile. Look again, then change what is left."),
    )
    NO_CLEAR_VILLAGE = (
        "no_clear_village",
        N_("Which village is meant? Choose one below, or write the kecamatan behind the name."),
    )
    NO_SUCH_VILLAGE = (
        "no_such_village",
        N_("No village is called like that here; try fewer letters."),
    )
    NO_SUCH_PERSON = (
        "no_such_person",
        N_("Nobody here has this NIK or local id; search on the page of residents first."),
    )
    PHONE_KNOWN = "phone_known", N_("This number stands here already.")
    SAME_ENTRY = "same_entry", N_("This is the same entry; there is nothing to merge.")
    TWO_NIKS = (
        "two_niks",
        N_("They have different NIKs, so they are two people; correct the wrong NIK first."),
    )
    ALREADY_MERGED = "already_merged", N_("One of them was merged before; look again.")
    FACT_AHEAD = "fact_ahead", N_("This day lies in the future.")
    FACT_OLDER = (
        "fact_older",
        N_("What is known already is newer, from {as_of}; it stays."),
    )
    NO_SUCH_CONSENT = "no_such_consent", N_("Choose for what, and how it was told.")
    JUDGED_BEFORE = "judged_before", N_("Somebody has judged this already; look again.")


class Doubt(Reason):
    """What is odd about a NIK and yet may be right: it is told, and nothing is refused.

    A NIK is for life: it changes neither with a move nor with a corrected date of birth.
    """

    NIK_OTHER_DAY = (
        "nik_other_day",
        N_("The NIK tells another date of birth. Look at the card; both may be right."),
    )
    NIK_NO_CALENDAR_DAY = (
        "nik_no_calendar_day",
        N_("The NIK tells a day that is in no calendar; compare it with the card."),
    )
    NIK_OTHER_SEX = (
        "nik_other_sex",
        N_("The NIK tells the other sex (a woman's day of birth has 40 added). Look at the card."),
    )
    NIK_OTHER_PLACE = (
        "nik_other_place",
        N_("The NIK was given in another regency. That is right for somebody who moved here."),
    )
    NIK_NO_SERIAL = (
        "nik_no_serial",
        N_("The last four digits of a NIK begin at 0001; compare it with the card."),
    )
    CHILD_ALONE = (
        "child_alone",
        N_("This is a child and nobody is named who acts for it."),
    )


# Only what really stops when it is taken back; messages are stopped by the letter's own STOP.
CONSENTS = {"programmes": N_("Using the data for programmes and their lists")}
CONSENT_HOWS = {
    "desk": N_("said at the desk"),
    "paper": N_("signed on paper"),
    "representative": N_("by who acts for the person"),
}
SEXES = {"f": N_("Woman"), "m": N_("Man")}
WHOSE = {
    "patient": N_("The patient's own"),
    "family": N_("Family in the house"),
    "neighbour": N_("A neighbour"),
    "village": N_("The village office"),
}
RELATIONS = {
    "parent": N_("Mother or father"),
    "spouse": N_("Husband or wife"),
    "child": N_("Son or daughter"),
    "guardian": N_("Guardian"),
    "carer": N_("Carer"),
}
BECAUSE = {
    "child": N_("The person is a child"),
    "disability": N_("The person has a disability"),
    "illness": N_("The person is too ill"),
}
# Why an entry is changed. A code goes into the event, never what was changed.
REASONS = {
    "card_seen": N_("Card or document seen"),
    "told_by_person": N_("The person said so"),
    "told_by_family": N_("The family said so"),
    "moved": N_("The person has moved"),
    "slip": N_("It was typed wrongly"),
}
REASONS_TO_MERGE = {
    "same_card": N_("The same card was seen"),
    "same_person_asked": N_("The person was asked"),
    "village_knows": N_("The village office knows"),
}
# Who told that somebody has died.
SOURCES_OF_DEATH = {
    "family": N_("The family"),
    "village": N_("The village office"),
    "civil_registry": N_("A death certificate"),
    "hospital": N_("The hospital"),
    "rider": N_("A rider at the door"),
}


def why_not_nik(nik: str) -> Why | None:
    """Why this cannot be a NIK. A woman's day of birth is written with 40 added.

    Only the form is judged: a NIK never changes, so residence and corrected birth dates may
    disagree with it.
    """
    if not re.fullmatch(r"[0-9]{16}", nik):
        return Why.NIK_NOT_16_DIGITS
    day, month = int(nik[6:8]), int(nik[8:10])
    if not (1 <= day <= 31 or 41 <= day <= 71) or not 1 <= month <= 12:
        return Why.NIK_NO_SUCH_DAY
    return None


def doubts_about_nik(
    nik: str, *, birth_date: date | None, sex: str = "", area: str = ""
) -> list[Doubt]:
    """What is odd about a well-formed NIK, beside what else is told of the person.

    `area` holds the regency's code. Where in the regency a NIK was first given says nothing.
    """
    if why_not_nik(nik):
        return []
    day, month, year = int(nik[6:8]), int(nik[8:10]), int(nik[10:12])
    is_woman, found = day > 40, []
    day -= 40 * is_woman
    if day > monthrange(2000, month)[1]:
        found.append(Doubt.NIK_NO_CALENDAR_DAY)
    elif birth_date and (birth_date.day, birth_date.month, birth_date.year % 100) != (
        day,
        month,
        year,
    ):
        found.append(Doubt.NIK_OTHER_DAY)
    if sex and (sex == "f") != is_woman:
        found.append(Doubt.NIK_OTHER_SEX)
    digits = re.sub(r"[^0-9]", "", area)
    if digits and not nik.startswith(digits):
        found.append(Doubt.NIK_OTHER_PLACE)
    if nik.endswith("0000"):
        found.append(Doubt.NIK_NO_SERIAL)
    return found


def age_on(birth_date: date, day: date) -> int:
    """How many years somebody has lived on a day."""
    had_birthday = (day.month, day.day) >= (birth_date.month, birth_date.day)
    return day.year - birth_date.year - (not had_birthday)


def is_child(birth_date: date, *, today: date) -> bool:
    """Whether somebody is under 18, so that another acts for him."""
    return age_on(birth_date, today) < 18


def masked(number: str) -> str:
    """A NIK or family card with its middle hidden: enough to compare with the card."""
    return f"{number[:4]}••••••••{number[-4:]}" if number else ""


def why_not_phone(phone: str) -> Why | None:
    """Why a normalised number cannot be rung: +62, then 8 to 13 digits."""
    return None if is_phone(phone) else Why.PHONE_NOT_A_MOBILE


def why_not_birth_date(birth_date: date, *, today: date) -> Why | None:
    """Why nobody alive can be born on that day."""
    if birth_date > today:
        return Why.BIRTH_DATE_AHEAD
    return Why.BIRTH_DATE_TOO_OLD if today.year - birth_date.year > 130 else None


def why_not_deceased(on: date, *, birth_date: str, today: date, source: str) -> Why | None:
    """Why a death cannot be noted so; one day ahead of UTC is today in the east."""
    if source not in SOURCES_OF_DEATH:
        return Why.NO_SUCH_SOURCE
    if on > today + timedelta(days=1):
        return Why.DIED_AHEAD
    return Why.DIED_BEFORE_BIRTH if birth_date and on.isoformat() < birth_date else None


def find_day(typed: str) -> date | None:
    """The day that somebody wrote as 1951-03-09, 09-03-1951, 9/3/1951 or 09031951; else None."""
    numbers = re.findall(r"[0-9]+", typed)
    if len(numbers) == 1 and len(numbers[0]) == 8:
        numbers = [numbers[0][:2], numbers[0][2:4], numbers[0][4:]]
    if len(numbers) != 3 or re.search(r"[^0-9\s./-]", typed):
        return None
    year, month, day = numbers if len(numbers[0]) == 4 else numbers[::-1]
    with suppress(ValueError, OverflowError):
        if len(year) == 4:
            return date(int(year), int(month), int(day))
    return None


def same_day(typed: str, day: date) -> bool:
    """Whether what was typed means that day."""
    return find_day(typed) == day


def is_same_name(one: str, other: str) -> bool:
    """Whether two ways of writing mean one name: all words of the shorter stand in the longer."""
    shorter, longer = sorted((set(words_of_name(one)), set(words_of_name(other))), key=len)
    return bool(shorter) and shorter <= longer


def words_of_name(typed: str) -> list[str]:
    """The words that somebody typed of a name: letters and digits alone, at most six."""
    return re.findall(r"[^\W_]+", typed.lower())[:6]


def local_id(number: int) -> str:
    """A resident's number with a check digit (Luhn): what stands for a NIK where there is none."""
    return f"L-{number:06}-{_luhn(number)}"


def number_of_local_id(typed: str) -> int | None:
    """The resident's number that a local id names; None for anything else or a slip in it."""
    found = re.fullmatch(
        r"l[\s-]*0*([1-9][0-9]{0,17})[\s-]*([0-9])", typed.strip().lower(), re.ASCII
    )
    if found is None or _luhn(int(found[1])) != int(found[2]):
        return None
    return int(found[1])


def _luhn(number: int) -> int:
    doubled = [
        sum(divmod(int(digit) * (2 if place % 2 == 0 else 1), 10))
        for place, digit in enumerate(reversed(str(number)))
    ]
    return -sum(doubled) % 10
