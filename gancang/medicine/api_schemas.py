"""What partners' systems send and are told under /api/v1/, field by field."""

# No deferred annotations here: ninja reads them when the module is loaded.

from datetime import datetime
from typing import Annotated

from ninja import Schema
from pydantic import ConfigDict, Field

from gancang.medicine.item_lines import ITEMS_MAX, SUPPLY_DAYS_MAX
from gancang.medicine.rules import LENGTHS
from gancang.values import N_


class Item(Schema):
    """One medicine. A class that is known is added to what its name says."""

    model_config = ConfigDict(strict=True, extra="forbid")

    name: str = Field(min_length=1, max_length=200, pattern=r"^[^|\r\n]+$")
    quantity: str = Field("", max_length=60, pattern=r"^[^|\r\n]*$")
    supply_days: int | None = Field(None, ge=1, le=SUPPLY_DAYS_MAX)
    item_class: str = Field("", max_length=40, pattern=r"^[a-z0-9-]*$")


class Prescription(Schema):
    """A prescription that is to be brought to a patient's door."""

    model_config = ConfigDict(strict=True, extra="forbid")

    number: str = Field(
        max_length=LENGTHS["number"], description=N_("Your own number; unique in your house")
    )
    full_name: str = Field(max_length=LENGTHS["full_name"], description=N_("Patient's name"))
    nik: str = Field("", max_length=LENGTHS["nik"], description=N_("16 digits, or left out"))
    birth_date: str = Field(
        max_length=LENGTHS["birth_date"], description=N_("Like 1951-03-09; asked for at the door")
    )
    phone: str = Field(
        max_length=LENGTHS["phone"], description=N_("Of the patient or of whoever is at home")
    )
    village: str = Field(
        max_length=LENGTHS["village"], description=N_("Official code of the village")
    )
    address: str = Field(
        max_length=LENGTHS["address"], description=N_("Hamlet, RT/RW, street and number")
    )
    landmark: str = Field(
        "", max_length=LENGTHS["landmark"], description=N_("Behind the mosque, blue fence …")
    )
    lat: float | None = Field(None, ge=-90, le=90, description=N_("Of the house, in degrees"))
    lon: float | None = Field(None, ge=-180, le=180, description=N_("Of the house, in degrees"))
    clinic: str = Field(max_length=LENGTHS["clinic"], description=N_("Clinic"))
    prescriber: str = Field(max_length=LENGTHS["prescriber"], description=N_("Prescriber"))
    items: list[Item | Annotated[str, Field(max_length=400)]] = Field(
        min_length=1,
        max_length=ITEMS_MAX,
        description=N_(
            "A text or an object a medicine: name, quantity, supply_days, item_class; "
            "only the pharmacy sees it"
        ),
    )
    pbi: bool = Field(description=N_("Whether an active BPJS PBI card was seen"))
    pbi_as_of: str = Field(
        "",
        max_length=LENGTHS["pbi_as_of"],
        description=N_("The day it was seen; today if left out"),
    )
    village_letter: bool | None = Field(
        None, description=N_("Whether a letter of poverty (SPM) from the village was seen")
    )
    village_letter_as_of: str = Field(
        "",
        max_length=LENGTHS["village_letter_as_of"],
        description=N_("The day of that letter; today if left out"),
    )
    desil: int | None = Field(
        None, ge=0, le=10, description=N_("Desil in the registry (DTSEN); 0: not in it")
    )
    desil_as_of: str = Field(
        "",
        max_length=LENGTHS["desil_as_of"],
        description=N_("The day it was looked up; today if left out"),
    )
    local_list: bool | None = Field(
        None, description=N_("Whether the patient is on the regency's own list of the poor")
    )
    local_list_as_of: str = Field(
        "",
        max_length=LENGTHS["local_list_as_of"],
        description=N_("The day it was looked up; today if left out"),
    )
    judged_in_need: bool | None = Field(
        None, description=N_("Whether a pharmacist judged that he has to visit the patient")
    )
    judged_by: str = Field(
        "", max_length=LENGTHS["judged_by"], description=N_("The pharmacist who judged that")
    )
    accepts_rp: int = Field(
        0,
        ge=0,
        le=10**9,
        description=N_("The most that the patient has agreed to pay, in rupiah"),
    )
    confirmed: bool = Field(
        False,  # noqa: FBT003 - a field's default
        description=N_(
            "Whether address and phone were read back to the patient; if not, we ask before "
            "anybody sets out"
        ),
    )
    prescribed_at: str = Field(
        "",
        max_length=LENGTHS["prescribed_at"],
        description=N_("When it was written, like 2026-11-24T09:40+07:00; for figures of waiting"),
    )


class Placed(Schema):
    """The order of a prescription. It never changes, so a repeated call gets the same."""

    number: str
    order: str
    promise_at: datetime
    patient_pays_rp: int
    programme: str
    clause: str


class Fares(Placed):
    """The order of a prescription, and where it stands."""

    state: str


class No(Schema):
    """Why something was not done."""

    reason: str
    message: str
    price_rp: int | None = None  # which the patient has to accept first


class Wrong(Schema):
    """What is wrong with one field."""

    field: str
    reason: str
    message: str


class Invalid(No):
    """Everything that has to be mended before a prescription can be placed."""

    problems: list[Wrong] = []
