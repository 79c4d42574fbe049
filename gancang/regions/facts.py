"""What a region may know of a person: names, types and ages of facts. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from gancang.values import N_, Reason, Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Value = bool | int | str
TYPES = ("bool", "int", "text", "date")
MOST = 10**9
_YES = frozenset({"ya", "y", "iya", "yes", "true", "1", "ada"})
_NO = frozenset({"tidak", "t", "tdk", "bukan", "no", "n", "false", "0"})


class Why(Reason):
    """Why something typed is no value of a fact."""

    NO_SUCH_FACT = "no_such_fact", N_("This region knows no fact “{fact}”.")
    IS_DERIVED = "is_derived", N_("“{fact}” follows from the registry; correct the entry instead.")
    NOT_YES_OR_NO = "not_yes_or_no", N_("Write yes or no.")
    NOT_A_NUMBER = "not_a_number", N_("Write a whole number from {least} to {most}.")
    NOT_A_DAY = "not_a_day", N_("Write a date like 2026-01-31.")
    NOT_A_CHOICE = "not_a_choice", N_("Write one of: {choices}.")
    NO_TEXT = "no_text", N_("Write something, at most 80 characters.")


@dataclass(frozen=True, slots=True, kw_only=True)
class FactKind:
    """One thing that may be known of a person, how it is told and how long it holds."""

    code: str
    type: str
    sentence_id: str
    sentence_en: str
    source: str  # who may tell it, in words
    max_age_days: int | None = None  # None: as long as the programme says
    least: int = 0
    most: int = MOST
    choices: tuple[str, ...] = ()
    derived: bool = False

    def words(self, language: str) -> str:
        """What it says of a person, in a language."""
        return self.sentence_id if language.startswith("id") else self.sentence_en

    def is_old(self, as_of: date, *, on: date) -> bool:
        """Whether what was true on a day has to be asked again."""
        return self.max_age_days is not None and (on - as_of).days > self.max_age_days


def _kind(code: str, type_: str, id_: str, en: str, source: str, **more: Any) -> FactKind:
    return FactKind(code=code, type=type_, sentence_id=id_, sentence_en=en, source=source, **more)


BUILT_IN = (
    _kind(
        "pbi_active",
        "bool",
        "memegang kartu BPJS PBI yang aktif",
        "holds an active BPJS PBI card",
        "kartu BPJS",
    ),
    _kind(
        "village_letter",
        "bool",
        "membawa surat pernyataan miskin (SPM) dari desa",
        "has a letter of poverty (SPM) from the village",
        "kantor desa",
    ),
    _kind(
        "local_list",
        "bool",
        "terdaftar dalam data kemiskinan daerah",
        "is on the regency's own list of the poor",
        "dinas sosial",
    ),
    _kind(
        "judged_in_need",
        "bool",
        "dinilai apoteker perlu dikunjungi",
        "a pharmacist judged that he has to visit this patient",
        "apoteker",
    ),
    _kind(
        "desil",
        "int",
        "desil rumah tangga dalam DTSEN, 1 yang termiskin, 0 tidak terdaftar",
        "the household's place in the national registry, 1 the poorest; 0: not in it",
        "DTSEN",
        most=10,
    ),
)
DERIVED = (
    _kind("age", "int", "umur dalam tahun", "age in years", "tanggal lahir", derived=True),
    _kind("village", "text", "kode desa", "code of the village", "alamat", derived=True),
    _kind("district", "text", "kode kecamatan", "code of the district", "alamat", derived=True),
    _kind(
        "household_size",
        "int",
        "jumlah warga hidup pada kartu keluarga yang sama",
        "living people on the same family card",
        "kartu keluarga",
        derived=True,
    ),
)


def kinds_of(told: Iterable[Mapping[str, Any]]) -> dict[str, FactKind]:
    """All facts of a region by code: today's five, those of its pack over them, the derived."""
    own = [FactKind(**{**row, "choices": tuple(row.get("choices", ()))}) for row in told]
    return {kind.code: kind for kind in (*BUILT_IN, *own, *DERIVED)}


def read_value(kind: FactKind, typed: str) -> Value:
    """The value that somebody typed for a fact. Refused with what is wanted instead."""
    told = typed.strip()
    if kind.type == "bool":
        if told.lower() not in _YES | _NO:
            raise Refused(Why.NOT_YES_OR_NO)
        return told.lower() in _YES
    if kind.type == "int":
        return _whole(kind, told)
    if kind.type == "date":
        return _day(told)
    return _text(kind, told)


def _whole(kind: FactKind, told: str) -> int:
    is_number = told.isascii() and told.isdigit() and len(told) < 12
    if not is_number or not kind.least <= int(told) <= kind.most:
        raise Refused(Why.NOT_A_NUMBER, least=kind.least, most=kind.most)
    return int(told)


def _day(told: str) -> str:
    try:
        return date.fromisoformat(told).isoformat()
    except ValueError as error:
        raise Refused(Why.NOT_A_DAY) from error


def _text(kind: FactKind, told: str) -> str:
    if kind.choices:
        by_lower = {choice.lower(): choice for choice in kind.choices}
        if told.lower() not in by_lower:
            raise Refused(Why.NOT_A_CHOICE, choices=", ".join(kind.choices))
        return by_lower[told.lower()]
    if not told or len(told) > 80 or not told.isprintable():
        raise Refused(Why.NO_TEXT)
    return told
