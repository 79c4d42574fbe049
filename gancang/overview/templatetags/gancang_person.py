"""Words for all that is held on a person, as he is given it."""

from django import template
from django.utils.translation import gettext as _

from gancang.values import N_

register = template.Library()

NAMES = {
    "person": N_("The person"),
    "phones": N_("Phones"),
    "representatives": N_("Who acts for the person"),
    "facts": N_("What is known"),
    "consents": N_("Consents"),
    "programmes": N_("Programmes"),
    "cases": N_("Visits, rides, transfers"),
    "meals": N_("Meals"),
    "places": N_("Places"),
    "orders": N_("Deliveries"),
    "letters": N_("Letters"),
    "read_by": N_("Who read it"),
    "full_name": N_("Name"),
    "nik": N_("NIK"),
    "local_id": N_("Local id"),
    "family_card": N_("Family card (KK)"),
    "sex": N_("Sex"),
    "phone": N_("Phone"),
    "phone_whose": N_("Whose phone"),
    "village": N_("Village"),
    "district": N_("District"),
    "address": N_("Address"),
    "hamlet": N_("Hamlet"),
    "rt": N_("RT"),
    "rw": N_("RW"),
    "landmark": N_("Landmark"),
    "lat": N_("Latitude"),
    "lon": N_("Longitude"),
    "pin_grade": N_("How well the place is known"),
    "birth_date": N_("Born"),
    "deceased_on": N_("Died on"),
    "number": N_("Number"),
    "whose": N_("Whose"),
    "name": N_("Name"),
    "relation": N_("Relation"),
    "because": N_("Because"),
    "may_act": N_("May decide"),
    "may_receive": N_("May receive"),
    "since": N_("Since"),
    "until": N_("Until"),
    "value": N_("Value"),
    "source": N_("Who told it"),
    "as_of": N_("True on"),
    "purpose": N_("What for"),
    "given": N_("Given"),
    "withdrawn": N_("Withdrawn on"),
    "code": N_("Code"),
    "programme": N_("Programme"),
    "version": N_("Version"),
    "state": N_("State"),
    "clause": N_("Rule"),
    "applied_at": N_("Applied"),
    "documents": N_("Papers seen"),
    "check_by": N_("Proofs hold until"),
    "overridden_by": N_("Let in by"),
    "ends_on": N_("Last day"),
    "why": N_("Why"),
    "referral": N_("Referred to"),
    "history": N_("History"),
    "deed": N_("Deed"),
    "by": N_("By"),
    "note": N_("Note"),
    "at": N_("When"),
    "kind": N_("Kind"),
    "item": N_("What"),
    "day": N_("Day"),
    "from": N_("From"),
    "to": N_("To"),
    "account": N_("Account"),
    "reason": N_("Reason"),
    "price_rp": N_("Price (rupiah)"),
    "enrolment": N_("Enrolment"),
    "proofs": N_("Proofs"),
    "level": N_("Proof"),
    "people": N_("People"),
    "began_at": N_("Began"),
    "ended_at": N_("Ended"),
    "reference": N_("Reference"),
    "witness": N_("Witness"),
    "signed": N_("Signature"),
    "diet": N_("Diet"),
    "away": N_("Days without"),
    "brought": N_("Brought"),
    "meal": N_("Meal"),
    "welfare": N_("Checks of welfare"),
    "opened": N_("Opened"),
    "answer": N_("Answer"),
    "how": N_("How"),
    "placed_at": N_("Placed"),
    "patient_pays_rp": N_("Paid by the patient (rupiah)"),
    "prescription": N_("Prescription"),
    "parcel": N_("Parcel"),
    "handed_over": N_("Handed over"),
    "not_handed_over": N_("Not handed over"),
    "clinic": N_("Clinic"),
    "prescriber": N_("Prescriber"),
    "items": N_("Items"),
    "receiver": N_("Receiver"),
    "factor": N_("Second factor"),
    "contents": N_("Contents"),
    "entered_by": N_("Entered by"),
    "proof": N_("Proof"),
    "office": N_("Office"),
    "left": N_("Left at the door"),
    "vouchers": N_("Balances and cards"),
    "cycle": N_("Cycle"),
    "amount": N_("Amount"),
    "rest": N_("What is left"),
    "taken": N_("Taken of it"),
    "where": N_("Where"),
    "text": N_("Text"),
    "role": N_("Role"),
}


@register.filter
def held_name(key: str) -> str:
    """What one thing that is held is called."""
    return _(NAMES[key]) if key in NAMES else key


@register.filter
def is_record(value: object) -> bool:
    """Whether it has named parts."""
    return isinstance(value, dict)


@register.filter
def parts_of(value: dict[str, object]) -> list[tuple[str, object]]:
    """Its parts by name; a template's own `.items` would find a part that is called so."""
    return list(value.items())


@register.filter
def is_many(value: object) -> bool:
    """Whether there are several of it."""
    return isinstance(value, list)


@register.filter
def held_value(value: object) -> str:
    """One value as people read it; nothing, where there is none."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return "-" if value in (None, "") else str(value)
