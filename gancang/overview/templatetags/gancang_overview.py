"""The words for events and lines of the book."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django import template
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from gancang.accounts.models import Role
from gancang.dispatch.words import told_score
from gancang.overview.book_words import ACCOUNTS, LINES
from gancang.overview.food_words import FOOD
from gancang.overview.story import account_name, rivals_of
from gancang.parcels.templatetags.gancang_parcels import level_words
from gancang.residents.templatetags.gancang_residents import purpose_words as plain_purpose
from gancang.shops.event_words import EVENTS as OF_SHOPS
from gancang.values import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gancang.ledger.models import Account

register = template.Library()
FACTORS = {
    "door_code": N_("one-time code"),
    "birth_date": N_("date of birth"),
    "card": N_("the card"),
}
EVENTS = {
    **OF_SHOPS,
    "order.placed": N_("Placed"),
    "order.tier_decided": N_("Tier and payer decided"),
    "menus.loaded": N_("Menus began with the pack's dishes"),
    "dish.written": N_("A dish put on a menu"),
    "dish.changed": N_("A dish of a menu changed"),
    "dish.out": N_("A dish sold out"),
    "dish.back": N_("A dish there again"),
    "dish.retired": N_("A dish taken off a menu"),
    "dish.restored": N_("A dish put back on a menu"),
    "dish.photo": N_("A photo of a dish changed"),
    "card.made": N_("A card made"),
    "card.ended": N_("A card died"),
    "card.printed": N_("A card printed"),
    "card.wrong_code": N_("A code that no card has"),
    "voucher.issued": N_("A balance given"),
    "voucher.carried": N_("A balance carried over"),
    "voucher.lapsed": N_("A balance lapsed"),
    "voucher.redeemed": N_("A voucher redeemed"),
    "voucher.given_back": N_("A redemption given back"),
    "voucher.wrong_birth": N_("Wrong date of birth at a shop"),
    "callback.opened": N_("The receiver is to be rung"),
    "callback.rung": N_("The receiver was rung"),
    "callback.decided": N_("Decided without the receiver's answer"),
    "callback.overdue": N_("The receiver was not reached in time"),
    "complaint.told": N_("A complaint"),
    "complaint.decided": N_("A complaint decided"),
    "complaint.appealed": N_("A decision appealed"),
    "complaint.heard": N_("An appeal heard"),
    "cash.owed_back": N_("What was paid at the door is owed back"),
    "diner.added": N_("Somebody eats"),
    "diners.seated": N_("The enrolled eat"),
    "diner.away": N_("An exception of somebody who eats"),
    "stall.added": N_("A stall cooks"),
    "meals.nobody_cooks": N_("Meals that no other stall could take"),
    "stall.shut": N_("A stall falls out"),
    "meals.round": N_("A round of meals made"),
    "meal.seen": N_("A meal was brought, the person seen"),
    "meal.wrong_proof": N_("A wrong date or card at the door of a meal"),
    "meal.unseen": N_("A meal was brought, nobody seen"),
    "welfare.opened": N_("The village looks after somebody"),
    "welfare.overdue": N_("Told on: nobody looked after somebody in time"),
    "welfare.answered": N_("The village has answered"),
    "case.planned": N_("Planned"),
    "case.under_way": N_("Under way"),
    "case.proved": N_("Proof accepted"),
    "case.done": N_("Done"),
    "case.missed": N_("Did not take place"),
    "case.cancelled": N_("Called off"),
    "case.verified": N_("Seen in the field"),
    "case.reported": N_("Spending reported"),
    "order.proof_level": N_("Proof accepted"),
    "order.reviewed": N_("Prescription reviewed"),
    "order.prepared": N_("Prepared, waits for the final check"),
    "order.released": N_("Released"),
    "order.assigned": N_("Taken by a rider"),
    "order.collected": N_("Collected"),
    "cash.paid": N_("The patient paid"),
    "order.delivered": N_("Handed over"),
    "order.failed": N_("Not handed over"),
    "order.returned": N_("Back where it came from"),
    "order.cancelled": N_("Called off"),
    "order.wrong_factor": N_("Wrong second factor at the door"),
    "order.confirmed": N_("Address and phone confirmed"),
    "order.later": N_("Put off, as the patient wished"),
    "order.on_behalf": N_("Done for the patient by somebody else"),
    "resident.contact_changed": N_("Phone or landmark corrected"),
    "letter.sent_again": N_("Letter sent again by hand"),
    "letter.told": N_("Letter told by phone"),
    "letter.language": N_("Language of letters chosen"),
    "message.answered": N_("Patient's message answered"),
    "message.set_aside": N_("Patient's message set aside"),
    "order.frozen": N_("Stopped"),
    "order.thawed": N_("Let go again"),
    "order.late": N_("Late against the promise"),
    "order.late_seen": N_("Lateness seen"),
    "incident.opened": N_("Incident reported"),
    "incident.seen": N_("Incident seen"),
    "incident.rang": N_("Patient rung about an incident"),
    "incident.bag_back": N_("Recalled bag is back"),
    "shift_note.written": N_("Shift handed over"),
    "shift_note.taken": N_("Shift taken over"),
    "incident.closed": N_("Incident closed"),
    "offer.made": N_("Offered"),
    "offer.declined": N_("Offer declined"),
    "offer.expired": N_("Offer not answered"),
    "order.rechecked": N_("Receiver asked again"),
    "purchase.written": N_("Purchase written down"),
    "purchase.taken_back": N_("Purchase taken back"),
    "sample.drawn": N_("Sample of the book drawn"),
    "sample.judged": N_("Line of a sample judged"),
    "planning.shadowed": N_("Planning tried in the shadow"),
    "planning.adopted": N_("Planning taken over from the shadow"),
    "planning.went_back": N_("Back to the planning before"),
    "shift.started": N_("Shift began"),
    "shift.ended": N_("Shift ended"),
    "region.loaded": N_("Region pack loaded"),
    "programme.loaded": N_("Programme loaded"),
    "programme.begun": N_("Draft of a programme begun"),
    "programme.written": N_("Draft of a programme written on"),
    "programme.gone_back": N_("Draft of a programme taken back to an earlier save"),
    "programme.trial_asked": N_("Asked to try a draft of a programme on the registry"),
    "programme.tried": N_("Draft of a programme tried on the registry"),
    "programme.submitted": N_("Draft of a programme submitted"),
    "programme.approved": N_("Draft of a programme approved by one"),
    "programme.sent_back": N_("Draft of a programme sent back"),
    "programme.taken_back": N_("Draft of a programme taken back"),
    "programme.halted": N_("Programme frozen or ended"),
    "order.fell_back": N_("Another fleet stands in"),
    "programme.letter_tried": N_("A letter of a draft sent to the officer's own phone"),
    "programme.dropped": N_("Draft of a programme dropped"),
    "budget.granted": N_("Budget granted"),
    "budget.passed_over": N_("A fund did not pay all, the next one was asked"),
    "budget.no_next_year": N_("Budget line that the next year lacks"),
    "budget.nears_end": N_("Budget nears its end"),
    "budget.notice_seen": N_("End of a budget seen"),
    "settlement.held": N_("Line of a statement held"),
    "settlement.let_go": N_("Line of a statement let go"),
    "settlement.drafted": N_("Batch of payments drafted"),
    "settlement.approved": N_("Batch of payments approved"),
    "settlement.discarded": N_("Draft of payments thrown away"),
    "settlement.sent": N_("Batch of payments sent to the bank"),
    "settlement.reversal_asked": N_("Asked to take a movement back"),
    "settlement.reversed": N_("Movement taken back"),
    "settlement.reversal_rejected": N_("Movement not taken back"),
    "settlement.reversal_withdrawn": N_("No longer asked to take a movement back"),
    "settlement.repaid": N_("A payee paid back what he owed"),
    "period.asked": N_("A month asked to be closed"),
    "period.closed": N_("A month of the book closed"),
    "period.taken_back": N_("A month left open"),
    "budget.revised": N_("Budget changed by a document"),
    "year.end_asked": N_("End of a budget year asked"),
    "year.end_taken_back": N_("End of a budget year no longer asked"),
    "year.ended": N_("Budget year ended"),
    "settlement.bounce_asked": N_("Payment told to have come back"),
    "settlement.bounce_rejected": N_("Payment did not come back"),
    "settlement.bounced": N_("Payment came back: owed again"),
    "settlement.account_kept": N_("Account looked at, and right"),
    "settlement.bank_answered": N_("The bank's answer taken in"),
    "person.role_given": N_("Role given"),
    "person.role_taken": N_("Role taken away"),
    "person.password_changed": N_("Password changed"),
    "person.password_reset": N_("New first password"),
    "person.shut_out": N_("Shut out"),
    "person.let_in": N_("Let in again"),
    "token.made": N_("Token made"),
    "token.revoked": N_("Token revoked"),
    "rider.enlisted": N_("Rider enlisted"),
    "rider.trained": N_("Rider trained"),
    "rider.planned": N_("Shift plan changed"),
    "shift.goes_on": N_("Rider works on beyond the planned end"),
    "break.taken": N_("Break begun"),
    "break.ended": N_("Back from the break"),
    "rider.paper_seen": N_("Original of a rider's paper seen"),
    "resident.file_given": N_("A person was given his own data"),
    "keys.rotated": N_("Everything sealed anew with a new key"),
    "places.forgotten": N_("Old places of riders deleted"),
    "keys.forgotten": N_("Old keys taken away"),
    "enrolment.apply": N_("Applied for a programme"),
    "enrolment.judge": N_("Application judged"),
    "enrolment.enrol": N_("Enrolled"),
    "enrolment.pause": N_("Enrolment paused"),
    "enrolment.resume": N_("Enrolment goes on"),
    "enrolment.end": N_("Enrolment ended"),
    "enrolment.appeal": N_("Refusal appealed"),
    "enrolment.uphold": N_("Refusal upheld"),
    "enrolment.override": N_("Let in against the rules"),
    "enrolment.verify": N_("Seen in the field"),
    "list.taken_in": N_("List of people taken in"),
    "need.reported": N_("Neighbour in need reported"),
    "need.answered": N_("Report of a need answered"),
    "need.escalated": N_("Report of a need told on: nobody answered in time"),
    "enrolment.moved": N_("Enrolment follows a move"),
    "enrolment.lapse": N_("Application ran out of time"),
    "resident.consent_given": N_("Consent given"),
    "resident.consent_withdrawn": N_("Consent taken back"),
    "resident.fact_recorded": N_("A fact about a resident written down"),
    "resident.corrected": N_("Resident's entry corrected"),
    "resident.phone_added": N_("Phone of a resident added"),
    "resident.phone_first": N_("Another phone is rung first"),
    "resident.phone_removed": N_("Phone of a resident removed"),
    "resident.represented": N_("Representative named"),
    "resident.representative_ended": N_("Representative ended"),
    "resident.pin_learned": N_("Place of a house learned"),
    "resident.may_have_died": N_("Entry looks like somebody who has died"),
    "resident.likeness_judged": N_("Judged whether an entry is the person who died"),
    "resident.deceased": N_("Death of a resident noted"),
    "resident.alive": N_("Note of a death taken back"),
    "resident.merged": N_("Two entries of a resident made one"),
    "resident.merge_undone": N_("Two entries parted again"),
    "figures.waits_noted": N_("Waits at the counter noted"),
    "order.other_receiver": N_("Somebody else may receive it"),
    "qris.code_entered": N_("A shop's QRIS code entered"),
    "qris.bill_opened": N_("QRIS bill made"),
    "qris.bill_paid": N_("QRIS bill paid"),
    "qris.bill_expired": N_("QRIS bill ended unpaid"),
    "qris.bill_cancelled": N_("QRIS bill called off"),
    "qris.bill_refunded": N_("QRIS bill given back"),
    "qris.listed": N_("QRIS payment that does not agree"),
    "qris.decided": N_("Dealt with a QRIS payment that does not agree"),
    "qris.paid_out": N_("Shop got what was held for it"),
    "cash.followed_up": N_("Missing money followed up"),
    **FOOD,
    "cash.brought": N_("What buyers paid for goods brought to the treasury"),
    "order.goods_changed": N_("Less is paid for the goods"),
    "cash.passed_on": N_("Till passed fares on to a fleet"),
    "cash.statement": N_("Bank's statement taken in"),
    "cash.refund_released": N_("Paying a patient back was released"),
    "cash.paid_back": N_("Patient got the money back"),
    "cash.write_off_asked": N_("Writing off was asked for"),
    "cash.write_off_refused": N_("Not written off"),
    "cash.written_off": N_("Missing money written off"),
    "cash.handed_in": N_("Patients' money handed in"),
    "device.refused": N_("Note from a rider's phone could not be saved"),
    "formulary.loaded": N_("List of medicines loaded"),
    "labels.printed": N_("Labels printed"),
    "order.disposed": N_("Decided what becomes of the medicine"),
    "order.fetch": N_("To be fetched at the counter"),
    "order.owed_closed": N_("Owed medicine given"),
    "order.held": N_("Waits at a counter"),
    "order.missed_departure": N_("Ready after its round had left"),
    "order.other_way": N_("Goes by another way"),
    "estimate.fitted": N_("Riding times learned from finished trips"),
    "roads.closed": N_("Roads closed by decree"),
    "roads.opened": N_("Roads opened again"),
    "landmark.added": N_("Landmark added"),
    "landmark.corrected": N_("Landmark corrected"),
    "landmark.withdrawn": N_("Landmark withdrawn"),
    "landmarks.loaded": N_("Landmarks taken from the street map"),
    "outlines.loaded": N_("Outlines of villages loaded"),
    "way.switched_off": N_("Fleet or way switched off"),
    "way.switched_on": N_("Fleet or way switched on again"),
    "order.return_late": N_("Bag not back in time"),
    "order.wrong_bag": N_("Wrong bag scanned"),
    "paper.keyed_in": N_("Keyed in from paper"),
    "person.invited": N_("Link to a password sent"),
    "person.left": N_("Account closed, open work handed over"),
    "person.password_forgotten": N_("Link asked for by somebody who forgot the password"),
    "person.password_set": N_("Password set"),
    "person.phone_changed": N_("Phone of an account changed"),
    "person.recovery_code_used": N_("Logged in with a recovery code"),
    "person.second_factor_set": N_("Second factor set up"),
    "person.second_factor_taken": N_("Second factor taken off"),
    "person.signed_out": N_("Logged out everywhere"),
    "repeat.dropped": N_("Repeat will not be followed up"),
    "map.loaded": N_("New street map"),
}
PLACES = {
    "pick-up": N_("at the pharmacy"),
    "door": N_("at the door"),
    "counter": N_("at a counter"),
}
ANSWERS = {
    "open": N_("open"),
    "yes": N_("yes"),
    "no": N_("no"),
    "silent": N_("no answer"),
    "withdrawn": N_("withdrawn"),
}
# What a resident's data were read for; beside these, the letter about an event.


# Who does something without being a person who logs in.
ACTORS = {
    "dispatch": N_("the planner"),
    "patient": N_("the patient"),
    "system": N_("the system"),
    "clock": N_("the system"),
}


@register.filter
def event_words(kind: str) -> str:
    """What happened, in the reader's language."""
    return _(EVENTS.get(kind, kind))


@register.filter
def line_words(kind: str) -> str:
    """Why money moved."""
    return _(LINES.get(kind, kind))


@register.filter
def account_words(kind: str) -> str:
    """What money in an account is for."""
    return _(ACCOUNTS.get(kind, kind))


@register.filter
def proved_by(factor: str) -> str:
    """By what a hand-over was proved."""
    return _(FACTORS[factor]) if factor in FACTORS else level_words(factor)


@register.filter
def answer_words(answer: str) -> str:
    """What a rider answered."""
    return _(ANSWERS.get(answer, answer))


@register.filter
def score_words(score: Mapping[str, int]) -> str:
    """What an order adds to the round of the rider who was asked."""
    return "; ".join(told_score(score))


@register.filter
def rivals(offer: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The next best riders, and how each compares with the one who was asked."""
    return [(other["rider_name"], "; ".join(words)) for other, words in rivals_of(offer)]


@register.filter
def named(code: str, names: Mapping[str, str]) -> str:
    """The name that stands for a code or a log-in; the house's own parts have words."""
    return names.get(code) or _(ACTORS.get(code, code))


@register.filter
def moment(text: str | None) -> datetime | None:
    """The moment that a story tells as text."""
    return datetime.fromisoformat(text) if text else None


@register.filter
def role_words(role: str) -> str:
    """In which role somebody acted; the house itself has none."""
    return str(Role(role).label) if role in Role else _("the system")


@register.filter
def purpose_words(purpose: str) -> str:
    """What a resident's data were read for, in the reader's language."""
    if purpose in EVENTS:
        return _("letter: %(event)s") % {"event": event_words(purpose)}
    return plain_purpose(purpose)


@register.filter
def month(moment: datetime, zone: str) -> str:
    """A month and its year by the region's clock: November 2026."""
    return date_format(moment.astimezone(ZoneInfo(zone)), "F Y")


@register.filter
def place_words(where: str) -> str:
    """Where a bag was scanned, as a reader says it."""
    return _(PLACES.get(where, where))


@register.filter
def account_of(account: Account) -> str:
    """An account as people name it: fund and year, or who is owed."""
    return account_name(account)
