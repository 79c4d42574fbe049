"""What addresses of applications may name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gancang.enrolment.links import appeal_token
from gancang.enrolment.models import Enrolment, NeedReport
from gancang.programmes.models import Programme

if TYPE_CHECKING:
    from gancang.orders.models import Order


OF_NOBODY: dict[str, dict[str, object]] = {
    "enrolment": {"code": "P-9999-9999"},
    "appeal": {"token": "nobody-signed-this"},
    "enrolment:list": {"programme": "nowhere"},
    "enrolment:csv": {"programme": "nowhere"},
    "enrolment:verify": {"programme": "nowhere"},
    "enrolment:need": {"number": 987654},
    "enrolment:answer_need": {"number": 987654},
}


def of_enrolment(order: Order) -> dict[str, dict[str, object]]:
    """An application of the order's patient, which began at the order's house."""
    terms = {**order.programme.terms, "enrols": True}
    told = {"name": "Rantang", "terms": terms}
    code = f"rantang-{order.region.slug}"
    programme = Programme.objects.get_or_create(
        region=order.region, code=code, version=1, defaults=told
    )[0]
    began = {"programme": programme, "programme_code": programme.code, "unit": order.origin}
    began |= {"region": order.region, "state": "paused", "applied_at": order.placed_at}
    defaults = {**began, "village": order.village, "code": f"P-{order.code}"}
    row = Enrolment.objects.get_or_create(resident=order.resident, defaults=defaults)[0]
    return {
        "enrolment": {"code": row.code},
        "appeal": {"token": appeal_token(row.code)},
        "enrolment:list": {"programme": programme.code},
        "enrolment:csv": {"programme": programme.code},
        "enrolment:verify": {"programme": programme.code},
        "enrolment:need": {"number": need_of(order).pk},
        "enrolment:answer_need": {"number": need_of(order).pk},
    }


def need_of(order: Order) -> NeedReport:
    """Somebody tells of a neighbour of the order's patient."""
    told = {"at": order.placed_at, "due_at": order.placed_at, "words": "Sakit"}
    return NeedReport.objects.get_or_create(
        region=order.region, village=order.village, unit=order.origin, defaults=told
    )[0]
