"""What a rider's or a stall's device kept while there was no network.

Each is numbered by its device. What comes twice is one, what comes early waits for what is before
it, what cannot be saved is told to the rider and the operator. Nothing is lost.
"""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.db.models import Q
from django.utils.datastructures import MultiValueDict

from gancang.accounts.models import Role
from gancang.audit.actions import record
from gancang.dispatch import failing
from gancang.dispatch.forms import FailForm
from gancang.medicine import handing_over
from gancang.medicine.door_forms import HandOverForm
from gancang.orders import lifecycle
from gancang.orders.evidence import seconds_off
from gancang.orders.models import DeviceEvent, Order
from gancang.orders.queries import counters_near, find_by_code, find_proof
from gancang.parcels import handing_over as parcels
from gancang.parcels.forms import HandOverForm as ParcelForm
from gancang.parcels.handing_over import terms_at
from gancang.servings import actions as servings
from gancang.servings.forms import SeenForm, UnseenForm
from gancang.servings.queries import find_stop, levels_of
from gancang.servings.rules import SEEN, UNSEEN
from gancang.trips.queries import others_at_the_door
from gancang.values import N_, Reason, Refused
from gancang.vouchers.forms import RedeemForm
from gancang.vouchers.queries import voucher_programmes
from gancang.vouchers.rules import LATE_DAYS
from gancang.vouchers.shop_pages import take
from gancang.web.middleware import sentence_of

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.forms import Form

    from gancang.accounts.models import Membership, User

State = DeviceEvent.State
MEALS = frozenset({SEEN, UNSEEN})
CLAIM_HOLDS = timedelta(minutes=5)  # whoever died at work does not stop the others for ever


class Why(Reason):
    """Why an event of a device is not taken."""

    NOT_HIS = "not_his", N_("You do not carry order {order} any more. Ring the operator.")
    NO_STOP = "no_stop", N_("Meal {stop} is on no round of yours. Ring the operator.")
    NO_STALL = "no_stall", N_("Only a stall redeems vouchers.")
    INCOMPLETE = "incomplete", N_("Not filled in: {fields}. Open the order and send it again.")


class Told(msgspec.Struct, frozen=True):
    """One event as a device tells it."""

    sequence: Annotated[int, msgspec.Meta(ge=1, le=10**9)]
    kind: Annotated[str, msgspec.Meta(pattern="^(hand_over|fail|redeem|seen|unseen)$")]
    order: Annotated[str, msgspec.Meta(pattern="^[A-Z0-9-]{1,20}$")]
    at: Annotated[datetime, msgspec.Meta(tz=True)]
    fields: dict[str, str]


class Batch(msgspec.Struct, frozen=True):
    """What a device sends at once, and what its clock says while it sends."""

    device: Annotated[str, msgspec.Meta(pattern="^[A-Za-z0-9-]{8,40}$")]
    sent_at: Annotated[datetime, msgspec.Meta(tz=True)]
    events: Annotated[list[Told], msgspec.Meta(min_length=1, max_length=500)]


def read_batch(body: bytes) -> Batch:
    """A batch of events. ValueError, which names the place, where it is none."""
    return msgspec.json.decode(body, type=Batch)


def keep(batch: Batch, who: Membership, *, now: datetime) -> None:
    """Keep the events of a batch; those that are here already stay as they are."""
    off = seconds_off(batch.sent_at, now)
    DeviceEvent.objects.bulk_create(
        [
            DeviceEvent(
                rider=who.user,
                region=who.region,
                device=batch.device,
                sequence=told.sequence,
                kind=told.kind,
                order_code=told.order,
                at=told.at,
                clock_off_s=off,
                fields=json.dumps(told.fields),
                received_at=now,
            )
            for told in batch.events
        ],
        ignore_conflicts=True,
    )


def work_off(who: Membership, device: str, *, now: datetime) -> None:
    """Do what waits of a device, in its order, up to the first number that is not here yet."""
    rows = DeviceEvent.objects.filter(rider=who.user, device=device)
    done = rows.exclude(state=State.WAITING).order_by("-sequence").values_list("sequence")
    last = done.first()
    expected = last[0] + 1 if last else 1
    for event in rows.filter(state=State.WAITING).order_by("sequence"):
        if event.sequence != expected or not _claim(event, now=now):
            return
        _do(event, who, now=now)
        expected += 1


def _claim(event: DeviceEvent, *, now: datetime) -> bool:
    """Whether it is ours to do: the same batch may be sent twice at the same moment."""
    free = Q(claimed_at=None) | Q(claimed_at__lt=now - CLAIM_HOLDS)
    rows = DeviceEvent.objects.filter(free, pk=event.pk, state=State.WAITING)
    return bool(rows.update(claimed_at=now))


def _do(event: DeviceEvent, who: Membership, *, now: datetime) -> None:
    state, why = State.TAKEN, ""
    try:
        if event.kind == "redeem":
            _redeem(event, who, now=now)
        elif event.kind in MEALS:
            _meal(event, who.user, now=now)
        else:
            _apply(event, who.user, now=now)
    except Refused as refusal:
        state, why = State.REFUSED, sentence_of(refusal)[:300]
        facts: dict[str, object] = {"kind": event.kind, "reason": refusal.reason.value}
        region = event.region.code
        record(
            "device.refused",
            event.order_code,
            region=region,
            by=who.user.username,
            now=now,
            facts=facts,
        )
    DeviceEvent.objects.filter(pk=event.pk).update(state=state, why=why)


def _apply(event: DeviceEvent, rider: User, *, now: datetime) -> None:
    order = find_by_code(event.order_code)
    if order is None or order.carrier_id != rider.pk:
        raise Refused(Why.NOT_HIS, order=event.order_code)
    if _is_done(event, order):
        return  # the answer of the first time was lost on the way
    fields = {**json.loads(event.fields), "version": str(order.version)}
    if event.kind == "fail":
        _fail(event, order, fields, now=now)
    else:
        _hand_over(event, order, fields, rider, now=now)


def _redeem(event: DeviceEvent, who: Membership, *, now: datetime) -> None:
    """What a stall took of a card without network; the device's own number makes it one deed."""
    if who.role != Role.STALL:
        raise Refused(Why.NO_STALL)
    fields = {**json.loads(event.fields), "key": f"{event.device}:{event.sequence}"}
    form = RedeemForm(fields, programmes=voucher_programmes(who.region))
    _refuse_unless_whole(form)
    take(form, who, said_at=_said(event, now=now), now=now)


def _meal(event: DeviceEvent, rider: User, *, now: datetime) -> None:
    """A courier was at a door with a meal; proved as on his page, told at the moment it was."""
    stop = find_stop(rider, event.order_code)
    if stop is None:
        raise Refused(Why.NO_STOP, stop=event.order_code)
    if stop.state == event.kind:
        return  # the answer of the first time was lost on the way
    fields, at = json.loads(event.fields), _said(event, now=now)
    if event.kind == SEEN:
        seen = SeenForm(fields, levels=levels_of(stop.diner.programme))
        _refuse_unless_whole(seen)
        servings.see(stop, shown=seen.shown(), by=rider, now=now, at=at)
        return
    unseen = UnseenForm(fields)
    _refuse_unless_whole(unseen)
    servings.miss(stop, unseen.cleaned_data["reason"], by=rider, now=now, at=at)


def _said(event: DeviceEvent, *, now: datetime) -> datetime:
    """When it was, by our clock: not later than now, not longer ago than is believed."""
    said = event.at - timedelta(seconds=event.clock_off_s)
    return min(max(said, now - timedelta(days=LATE_DAYS)), now)


def _is_done(event: DeviceEvent, order: Order) -> bool:
    if event.kind == "fail":
        return order.state == lifecycle.FAILED
    return order.state == lifecycle.DELIVERED and find_proof(order) is not None


def _hand_over(
    event: DeviceEvent, order: Order, fields: dict[str, Any], rider: User, *, now: datetime
) -> None:
    photo = fields.pop("photo", "")
    files: MultiValueDict[str, UploadedFile[Any]] = MultiValueDict()
    if photo:
        files["photo"] = SimpleUploadedFile("photo.jpg", _decoded(photo))
    if not order.is_medicine:
        _hand_parcel_over(
            event, order, ParcelForm(fields, files, **terms_at(order)), rider, now=now
        )
        return
    others = [(each.code, each.code) for each in others_at_the_door(order)]
    form = HandOverForm(fields, files, others=others)
    _refuse_unless_whole(form)
    told = replace(form.told(now=now), at=event.at, clock_off_s=event.clock_off_s, is_late=True)
    handing_over.hand_over(order, told, rider=rider, seen_version=None, now=now)


def _hand_parcel_over(
    event: DeviceEvent, order: Order, form: ParcelForm, rider: User, *, now: datetime
) -> None:
    """Goods are handed over by the proof that their programme asks for, also when told later."""
    _refuse_unless_whole(form)
    told = replace(form.told(now=now), at=event.at, clock_off_s=event.clock_off_s)
    parcels.hand_over(order, told, rider=rider, seen_version=None, now=now)


def _decoded(photo: str) -> bytes:
    try:
        return base64.b64decode(photo, validate=True)
    except ValueError:
        return b"broken"  # is refused as a photo that cannot be read


def _fail(event: DeviceEvent, order: Order, fields: dict[str, Any], *, now: datetime) -> None:
    near = [(counter.code, counter.name) for counter in counters_near(order)]
    form = FailForm(fields, counters=near, pharmacy=order.origin.name)
    _refuse_unless_whole(form)
    visit = replace(form.told(now=now), at=event.at, clock_off_s=event.clock_off_s)
    failing.fail(order, visit, seen_version=None, now=now)


def _refuse_unless_whole(form: Form) -> None:
    if not form.is_valid():
        labels = ", ".join(str(form.fields[name].label or name) for name in form.errors)
        raise Refused(Why.INCOMPLETE, fields=labels)


def list_told(who: Membership, batch: Batch) -> list[dict[str, object]]:
    """What became of each event of a batch, for the device to forget what is taken."""
    numbers = [told.sequence for told in batch.events]
    rows = DeviceEvent.objects.filter(
        rider=who.user, device=batch.device, sequence__in=numbers
    ).order_by("sequence")
    return [{"sequence": row.sequence, "state": row.state, "why": row.why} for row in rows]


def refused(asker: Membership) -> QuerySet[DeviceEvent]:
    """What could not be saved: a rider's own, all of the region for the operator."""
    rows = DeviceEvent.objects.filter(region=asker.region, state=State.REFUSED)
    rows = rows if asker.role == Role.OPERATOR else rows.filter(rider=asker.user)
    return rows.select_related("rider").defer("fields")
