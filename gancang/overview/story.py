"""The whole story of one order, from the clause that let it in to the last rupiah."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gancang.accounts.queries import names_of
from gancang.audit.queries import list_story
from gancang.callbacks.queries import find_callback, rings_of
from gancang.cash.queries import find_payment
from gancang.complaints.queries import told_about
from gancang.dispatch.planner import Planner
from gancang.dispatch.queries import list_offers
from gancang.dispatch.words import told_against, told_score
from gancang.ledger.queries import lines_of
from gancang.orders.queries import find_proof, list_attempts
from gancang.outbox.queries import list_letters
from gancang.overview.funding import funders_told
from gancang.programmes.queries import terms_of
from gancang.programmes.rules import clause_named
from gancang.regions.price_words import rule_in_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from gancang.audit.queries import Told
    from gancang.dispatch.models import Offer
    from gancang.ledger.models import Account, Transfer
    from gancang.orders.models import Order, Proof
    from gancang.programmes.rules import Terms


def story_of(order: Order) -> dict[str, Any]:
    """What `gancang why` tells, as plain values. Holds no personal data of the patient."""
    terms = terms_of(order.programme)
    offers, events = list_offers(order), list_story(order.region.code, order.code)
    book = list(lines_of(order.region, order=order.code))
    people = _people_in(events, offers)
    return {
        "order": order.code,
        "state": order.state,
        "programme": {"code": order.programme.code, "version": order.programme.version},
        "eligibility": _eligibility(order, terms),
        "price": {
            "amount_rp": order.price_rp,
            "patient_pays_rp": order.patient_pays_rp,
            "distance_m": order.distance_m,
            "distance_source": order.distance_source,
            "distance_is_estimate": order.distance_source.startswith("estimate"),
            "tariff": terms.tariff,
            "reckoning": order.reckoning,
            "rule": rule_in_words(order.reckoning),
        },
        "funders": funders_told(order, terms, book, events),
        "people": people,
        "offers": [_offer(order, offer, people) for offer in offers],
        "events": [
            {"at": _moment(e.at), "by": e.by, "kind": e.kind, "facts": e.facts} for e in events
        ],
        "attempts": [
            {"at": _moment(a.at), "rider": a.carrier.username, "reason": a.reason}
            for a in list_attempts(order)
        ],
        "proof": _proof(find_proof(order)),
        "payment": _payment(order),
        "ledger": [line(row) for row in book],
        "letters": _letters(order),
        "complaints": _complaints(order),
        "callback": _callback(order),
    }


def _letters(order: Order) -> list[dict[str, str]]:
    return [
        {"kind": letter.kind, "channel": letter.channel, "state": letter.state}
        for letter in list_letters(order.region.code, order.code)
    ]


def _complaints(order: Order) -> list[dict[str, Any]]:
    """What was said to be wrong with it, and how that was put right."""
    return [
        {
            "number": told.pk,
            "cause": told.cause,
            "state": told.state,
            "outcome": told.outcome,
            "told_at": _moment(told.opened_at),
            "brought_by": told.brought_by,
        }
        for told in told_about(order.region, order.code)
    ]


def _callback(order: Order) -> dict[str, Any] | None:
    """What its receiver was asked by telephone, and said; None where nobody is to ask."""
    row = find_callback(order.region, order.code)
    if row is None:
        return None
    return {
        "state": row.state,
        "due_at": _moment(row.due_at),
        "decided_by": row.decided_by.username if row.decided_by else None,
        "calls": [
            {"at": _moment(each.at), "by": each.by.username, "answer": each.answer}
            for each in rings_of(row)
        ],
    }


def _people_in(events: Sequence[Told], offers: Sequence[Offer]) -> dict[str, str]:
    """The full names of all who did something, or could have come, by log-in name."""
    acted = [name for each in events for name in (each.by, str(each.facts.get("rider", "")))]
    could = [other["rider"] for offer in offers for other in offer.alternatives or []]
    return names_of([*acted, *could])


def _eligibility(order: Order, terms: Terms) -> dict[str, Any]:
    clause = clause_named(terms, order.eligibility_clause)
    return {
        "clause": order.eligibility_clause,
        "when": clause.when if clause else None,
        "sentence": clause.sentence_id if clause else None,
    }


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _offer(order: Order, offer: Offer, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "rider": offer.rider.username,
        "rider_name": offer.rider.full_name,
        "fleet": offer.fleet.code,
        "fleet_name": offer.fleet.name,
        "tick": offer.tick_id,
        "planner": _planner(offer),
        "made_at": _moment(offer.made_at),
        "shown_at": _moment(offer.shown_at),
        "answer": offer.answer,
        "answered_at": _moment(offer.answered_at),
        "pay_rp": offer.pay_rp,
        "distance_m": offer.distance_m,
        "distance_source": order.distance_source,
        "score": offer.score,
        # The next best riders of that round; None where nobody reckoned them.
        "alternatives": None
        if offer.alternatives is None
        else [
            {
                "rider": other["rider"],
                "rider_name": names.get(other["rider"], other["rider"]),
                "score": other["score"],
            }
            for other in offer.alternatives
        ],
        "reason": offer.reason,
    }


def _planner(offer: Offer) -> dict[str, Any] | None:
    """By which policy and engine he was chosen; None by hand."""
    if offer.tick is None:
        return None
    planner = Planner.of(offer.tick.thinking)
    return {
        "policy": planner.policy.name,
        "title": planner.policy.title,
        "engine": planner.engine,
        "levels": [list(level) for level in planner.policy.levels],
    }


def lines_of_offers(story: Mapping[str, Any]) -> list[str]:
    """Who was asked, why he and not the next ones: a line each, for people."""
    lines = []
    for offer in story["offers"]:
        said = "; ".join(told_score(offer["score"]))
        head = f"{offer['made_at'][:19]}  {offer['rider_name']} ({offer['fleet']})"
        lines.append(f"{head}: {said or offer['reason']}")
        lines += [
            f"    {other['rider_name']}: {'; '.join(words)}" for other, words in rivals_of(offer)
        ]
    return lines


def rivals_of(offer: Mapping[str, Any]) -> list[tuple[dict[str, Any], list[str]]]:
    """The next best riders of an offer, with how each compares with the one who was asked."""
    levels = offer["planner"]["levels"] if offer["planner"] else []
    weighed = [told.partition("*")[0].strip() for level in levels for told in level]
    return [
        (other, told_against(offer["score"], other["score"], weighed))
        for other in offer["alternatives"] or []
    ]


def _proof(proof: Proof | None) -> dict[str, Any] | None:
    if proof is None:
        return None
    return {
        "relation": proof.relation,
        "factor": proof.factor,
        "rider": proof.carrier.username,
        "handed_over_at": _moment(proof.handed_over_at),
        "recorded_at": _moment(proof.recorded_at),
    }


def _payment(order: Order) -> dict[str, Any] | None:
    """What the patient paid; None where he did not, or had not to."""
    payment = find_payment(order.code)
    if payment is None:
        return None
    return {
        "receipt": payment.receipt,
        "amount_rp": payment.amount_rp,
        "how": payment.how,
        "taken_by": payment.taken_by.username,
        "at": _moment(payment.at),
    }


def line(row: Transfer) -> dict[str, Any]:
    """One line of the book: what moved, from where to where, why, when."""
    return {
        "number": row.pk,
        "at": _moment(row.at),
        "kind": row.kind,
        "from": account_name(row.source),
        "to": account_name(row.target),
        "kinds": [row.source.kind, row.target.kind],
        "amount_rp": row.amount_rp,
        "by": row.by,
    }


def account_name(account: Account) -> str:
    """An account as people name it: fund and year, or who is owed."""
    payee = account.payee.name if account.payee else ""
    if account.holder:
        return f"{account.holder.full_name}, {payee}"
    if account.budget is None:
        return payee
    return f"{account.budget.fund.name} {account.budget.year}"
