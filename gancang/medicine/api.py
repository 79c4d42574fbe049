"""What partners' systems can send and ask under /api/v1/."""

# No deferred annotations here: ninja reads them when the module is loaded.

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Annotated, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Body, Header, NinjaAPI, Path, Status
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.docs import DocsBase
from ninja.security import HttpBearer

from gancang.accounts.actions import note_use
from gancang.accounts.models import ApiToken
from gancang.accounts.queries import find_token
from gancang.formulary import rules
from gancang.medicine.api_schemas import Fares, Invalid, No, Placed, Prescription
from gancang.medicine.calls import Answer, Request, counter_of, find_answer, place_called
from gancang.medicine.item_lines import write_lines
from gancang.medicine.queries import find_order_of
from gancang.medicine.rules import LENGTHS, Draft, Problem, Why, read_draft
from gancang.orders.models import Order
from gancang.programmes.rules import Why as ProgrammeWhy
from gancang.regions.queries import today_in, villages_by_code
from gancang.values import N_, Money, Reason, Refused
from gancang.vault import blind_index
from gancang.web.middleware import sentence_of


class ByToken(HttpBearer):
    """A machine's token, as the regency's admin gave it."""

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken | None:
        """The living token, or None; notes that it is in use."""
        found = find_token(token) if token.isascii() else None
        if found:
            note_use(found, now=timezone.now())
        return found


class PlainDocs(DocsBase):
    """The reference as a page of ours: no foreign script, readable without any."""

    def render_page(self, request: HttpRequest, api: NinjaAPI, **kwargs: Any) -> HttpResponse:
        """The schema, told to people."""
        return render(request, "medicine/partner_api.html", _reference(api))


api = NinjaAPI(
    title="Gancang",
    version="1",
    description="Prescriptions in, and how they fare.",
    urls_namespace="api",
    openapi_url="/openapi.json",
    docs_url="/docs",
    docs=PlainDocs(),
    auth=ByToken(),
)


Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        min_length=8,
        max_length=80,
        pattern=r"^[\x21-\x7e]+$",
        description="8 to 80 letters, digits or signs, new for each prescription",
    ),
]
Number = Annotated[str, Path(min_length=1, max_length=LENGTHS["number"])]


@api.post(
    "/prescriptions",
    response={200: Placed, 201: Placed, 400: No, 401: No, 409: No, 422: Invalid},
    summary=N_("Take in a prescription"),
    operation_id="place_prescription",
)
def place_prescription(
    request: HttpRequest,
    response: HttpResponse,
    typed: Annotated[Prescription, Body()],
    key: Key,
) -> Status[dict[str, object]]:
    """201 for a new order; 200 if the prescription was placed before."""
    token, now = _token(request), timezone.now()
    told = typed.model_dump()
    # Keyed: a bare hash of a patient's data could be guessed.
    digest = blind_index(json.dumps(told, sort_keys=True), column="medicine.call")
    call = Request(token=token, key=key, digest=digest)
    answer = find_answer(call) or place_called(_draft(told, token, now=now), call, now=now)
    if answer.is_replay:
        response["Idempotent-Replay"] = "true"
    return Status(201 if answer.is_new else 200, _placed(typed.number, answer))


def _draft(told: Mapping[str, Any], token: ApiToken, *, now: datetime) -> Draft:
    region = counter_of(token).region
    text = {name: "" if value is None else str(value) for name, value in told.items()}
    text["items"] = "\n".join(_line(item) for item in told["items"])
    for name in ("lat", "lon"):
        text[name] = "" if told[name] is None else f"{told[name]:.7f}"
    draft = read_draft(text, villages=villages_by_code(region), today=today_in(region, now))
    if isinstance(draft, Draft):
        return draft
    raise _NotValid(draft)


def _line(told: str | Mapping[str, Any]) -> str:
    return told if isinstance(told, str) else write_lines([rules.Item(**told)])


def _placed(number: str, answer: Answer) -> dict[str, object]:
    first = {"patient_pays_rp": answer.pays.rupiah, "promise_at": answer.promise_at}
    return _told(number.strip(), answer.order) | first


def _told(number: str, order: Order) -> dict[str, object]:
    return {
        "number": number,
        "order": order.code,
        "promise_at": order.promise_at,
        "patient_pays_rp": order.patient_pays_rp,
        "programme": order.programme.code,
        "clause": order.eligibility_clause,
        "state": order.state,
    }


@api.get(
    "/prescriptions/{path:number}",
    response={200: Fares, 401: No, 404: No, 422: Invalid},
    summary=N_("How a prescription fares"),
    operation_id="get_prescription",
)
def get_prescription(request: HttpRequest, number: Number) -> dict[str, object]:
    """Where the order of your own prescription stands; no personal data."""
    order = find_order_of(_token(request).organisation, number)
    if order is None:
        raise Http404
    return _told(number, order)


def _token(request: HttpRequest) -> ApiToken:
    token = request.auth  # type: ignore[attr-defined]  # ninja puts there what ByToken answers
    assert isinstance(token, ApiToken)
    return token


class _NotValid(Exception):
    def __init__(self, problems: Iterable[Problem]) -> None:
        super().__init__()
        self.problems = problems


def _no(request: HttpRequest, status: int, refusal: Refused, **more: object) -> HttpResponse:
    told = {"reason": refusal.reason, "message": sentence_of(refusal), **more}
    return api.create_response(request, told, status=status)


def _wrong(field: str, why: Reason, facts: Mapping[str, object]) -> dict[str, object]:
    return {"field": field, "reason": why, "message": sentence_of(Refused(why, **facts))}


@api.exception_handler(Refused)
def _refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    if refusal.reason is ProgrammeWhy.PRICE_NOT_ACCEPTED:
        price = refusal.facts["price"]
        assert isinstance(price, Money)
        return _no(request, 409, refusal, price_rp=price.rupiah)
    return _no(request, 422 if refusal.reason is Why.KEY_USED_DIFFERENTLY else 409, refusal)


@api.exception_handler(_NotValid)
def _not_valid(request: HttpRequest, found: _NotValid) -> HttpResponse:
    problems = [_wrong(p.field, p.why, p.facts) for p in found.problems]
    return _no(request, 422, Refused(Why.INVALID), problems=problems)


@api.exception_handler(ValidationError)
def _not_of_the_schema(request: HttpRequest, error: ValidationError) -> HttpResponse:
    problems = [_schema_problem(found) for found in error.errors[:100]]
    return _no(request, 422, Refused(Why.INVALID), problems=problems)


# What pydantic calls it, and what it wants instead.
WANTED = {
    "string": N_("text"),
    "bool": N_("true or false"),
    "float": N_("a number"),
    "int": N_("a whole number"),
    "list": N_("a list of texts"),
    "model": N_("an object"),
}


def _schema_problem(found: Mapping[str, Any]) -> dict[str, object]:
    """One of pydantic's errors in our words. What was sent is never said back."""
    kind, limits = str(found["type"]), found.get("ctx", {})
    path = [str(part) for part in found["loc"] if part not in {"body", "typed", "header", "path"}]
    field = ".".join(path)[:80]
    if path[:1] == ["Idempotency-Key"]:
        wanted = _("a key of 8 to 80 letters, digits or signs without spaces")
        return _wrong(field, Why.WRONG_TYPE, {"wanted": wanted})
    if kind == "missing":
        return _wrong(field, Why.MISSING, {})
    if kind == "extra_forbidden":
        return _wrong(field, Why.UNKNOWN_FIELD, {})
    if kind == "string_too_long":
        return _wrong(field, Why.TOO_LONG, {"most": limits["max_length"]})
    wanted = WANTED.get(kind.partition("_")[0], N_("smaller and of the right form"))
    return _wrong(field, Why.WRONG_TYPE, {"wanted": _(wanted)})


@api.exception_handler(AuthenticationError)
def _no_token(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    del error
    response = _no(request, 401, Refused(Why.NO_TOKEN))
    response["WWW-Authenticate"] = "Bearer"
    return response


@api.exception_handler(HttpError)
def _not_json(request: HttpRequest, error: HttpError) -> HttpResponse:
    return _no(request, error.status_code, Refused(Why.NOT_JSON))


@api.exception_handler(Http404)
def _not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    del error
    return _no(request, 404, Refused(Why.NOT_FOUND))


def _reference(api: NinjaAPI) -> dict[str, object]:
    """The schema, flattened for a page."""
    schema = api.get_openapi_schema()
    sent = schema["components"]["schemas"]["Prescription"]
    fields = [
        {
            "name": name,
            "kind": _kind(told),
            "needed": name in sent["required"],
            "most": told.get("maxLength") or told.get("maxItems") or "",
            "meaning": _(told.get("description", "")) if told.get("description") else "",
        }
        for name, told in sent["properties"].items()
    ]
    calls = [
        {
            "method": method.upper(),
            "path": path,
            "summary": _(call["summary"]),
            "codes": sorted(str(code) for code in call["responses"]),
        }
        for path, calls_of in schema["paths"].items()
        for method, call in calls_of.items()
    ]
    return {"fields": fields, "calls": calls}


def _kind(told: Mapping[str, Any]) -> str:
    kinds = [one.get("type", "") for one in told.get("anyOf", [told])]
    return " / ".join(kind for kind in kinds if kind != "null")
