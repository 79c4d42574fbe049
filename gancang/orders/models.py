"""Orders, and the proof and the failures that end their journeys."""

from datetime import datetime, timedelta

from django.db import models

from gancang.accounts.models import User
from gancang.orders import lifecycle
from gancang.orders.evidence import CLOCK_OFF_MAX
from gancang.programmes.models import Programme
from gancang.regions.models import Organisation, Region, Village
from gancang.residents.models import Resident
from gancang.vault import SealedField


class Order(models.Model):
    """One thing to be brought to one person under the programme version that decided it."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    code = models.CharField(max_length=20, unique=True)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT)
    resident = models.ForeignKey(Resident, on_delete=models.PROTECT)
    origin = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="orders_from")
    village = models.ForeignKey(Village, on_delete=models.PROTECT)
    lat = models.FloatField()
    lon = models.FloatField()
    point_is_village = models.BooleanField()  # no pin of the house yet: the village's point
    item_class = models.CharField(max_length=40)

    state = models.CharField(
        max_length=10, choices=list(lifecycle.STATES.items()), default=lifecycle.PLACED
    )
    version = models.PositiveIntegerField(default=1)
    placed_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    promise_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)

    eligibility_clause = models.CharField(max_length=60)
    price_rp = models.PositiveBigIntegerField()
    patient_pays_rp = models.PositiveBigIntegerField()
    # For what is brought, where its seller is paid at the door; beside the fare.
    goods_rp = models.PositiveBigIntegerField(default=0)
    goods_paid_rp = models.PositiveBigIntegerField(default=0)  # of them, before it was brought
    distance_m = models.PositiveIntegerField()
    # "roads of 2026-11-20" or "estimate": what the price's kilometres come from.
    distance_source = models.CharField(max_length=120, default="estimate")
    # By which tariff and rules the price came about; {}: it was not reckoned, or not kept yet.
    reckoning = models.JSONField(default=dict)

    bag_code = models.CharField(max_length=20, default="")
    bags = models.PositiveSmallIntegerField(default=0)
    bag_codes = models.JSONField(default=list)  # one a bag, in capitals; empty: made of bag_code
    door_code = SealedField(default="")  # told to the patient, asked for at the door
    wrong_tries = models.PositiveSmallIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)

    carrier = models.ForeignKey(User, on_delete=models.PROTECT, null=True)
    fleet = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="orders_carried"
    )

    way = models.CharField(max_length=10, choices=list(lifecycle.WAYS.items()), default="direct")
    not_before = models.DateTimeField(null=True)  # not offered before; food: ready then
    # Ready only after its round had left, and the next is too late: a person decides how it goes.
    missed_at = models.DateTimeField(null=True)
    # Address and phone were confirmed with the patient, how and when.
    confirmed_at = models.DateTimeField(null=True)
    confirmed_how = models.CharField(
        max_length=10, blank=True, choices=list(lifecycle.CONFIRMED_HOW.items()), default=""
    )
    cold_minutes = models.PositiveSmallIntegerField(null=True)  # longest time outside the cold
    needs = models.JSONField(default=list)  # training classes beyond the programme's own
    frozen_at = models.DateTimeField(null=True)  # the operator stopped it; nothing moves
    frozen_why = models.CharField(max_length=200, default="")
    # The counter near the patient where the bag waits, or to which it is on its way.
    hold_at = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="orders_held"
    )

    # After a failed visit: until when the bag is to be back, and when it was told that it is not.
    back_by = models.DateTimeField(null=True)
    back_alarmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["region", "bag_code"],
                name="one_open_order_a_bag",
                condition=models.Q(state__in=sorted(lifecycle.OPEN)) & ~models.Q(bag_code=""),
            )
        ]
        indexes = [
            models.Index(fields=["region", "-id"], name="orders_of_region"),
            models.Index(fields=["origin", "-id"], name="orders_from_origin"),
            models.Index(fields=["village", "-id"], name="orders_to_village"),
            models.Index(
                fields=["bag_code"], name="orders_by_bag", condition=~models.Q(bag_code="")
            ),
            models.Index(
                fields=["region", "promise_at"],
                name="orders_open_by_promise",
                condition=models.Q(state__in=sorted(lifecycle.OPEN)),
            ),
            models.Index(
                fields=["carrier"],
                name="orders_in_hand",
                condition=models.Q(state__in=sorted(lifecycle.OPEN)),
            ),
            models.Index(
                fields=["origin"],
                name="orders_that_came_back",
                condition=models.Q(state=lifecycle.RETURNED),
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def at_door_rp(self) -> int:
        """All that is paid when it is handed over: the fare, and the goods."""
        return self.patient_pays_rp + self.goods_rp

    @property
    def is_sold(self) -> bool:
        """Whether somebody cooks or packs it for money: then it is called off with its seller."""
        return bool(self.goods_rp or self.goods_paid_rp)

    @property
    def is_medicine(self) -> bool:
        """Whether a pharmacist answers for it; of all other goods its sender does."""
        return self.item_class == lifecycle.MEDICINE

    @property
    def ready_at(self) -> datetime | None:
        """When food is ready, as its kitchen said: every minute after that counts."""
        return self.not_before if self.item_class == lifecycle.FOOD else None

    @property
    def asks_from(self) -> datetime | None:
        """From when riders may be asked, so that neither food nor rider waits for long."""
        return self.ready_at - lifecycle.RIDER_LEAD if self.ready_at else self.not_before

    @property
    def detail_page(self) -> str:
        """The name of the page on which a desk sees it."""
        return "medicine:detail" if self.is_medicine else "parcels:detail"

    @property
    def hand_over_page(self) -> str:
        """The name of the page on which it is handed over."""
        return "medicine:hand_over" if self.is_medicine else "parcels:hand_over"

    @property
    def codes_on_bags(self) -> list[str]:
        """The code that stands on each bag, to be scanned at the counter and at the door."""
        if self.bag_codes or self.bags < 2:
            return self.bag_codes or [self.bag_code]
        return [f"{self.bag_code}-{number}" for number in range(1, self.bags + 1)]


class Proof(models.Model):
    """How an order was handed over. Append-only."""

    order = models.OneToOneField(Order, on_delete=models.PROTECT)
    receiver = SealedField()
    relation = models.CharField(max_length=20)
    factor = models.CharField(max_length=20)  # birth_date or door_code
    carrier = models.ForeignKey(User, on_delete=models.PROTECT)
    handed_over_at = models.DateTimeField()  # by the rider's device
    recorded_at = models.DateTimeField()  # by our clock
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    # How many seconds the device's clock ran ahead of ours; null where it told no time.
    clock_off_s = models.BigIntegerField(null=True)
    signature = SealedField(default="")  # an SVG path, drawn on the page
    witness = SealedField(default="")  # who saw it, where the receiver cannot sign

    def __str__(self) -> str:
        return f"proof of {self.order_id}"

    @property
    def clock_is_wrong(self) -> bool:
        """Whether the device's time is not to be trusted; ours stands beside it."""
        off = timedelta(seconds=abs(self.clock_off_s or 0))
        return off > CLOCK_OFF_MAX


class ProofPhoto(models.Model):
    """A photo of the hand-over, taken with the patient's consent. Append-only."""

    proof = models.OneToOneField(Proof, on_delete=models.PROTECT, related_name="photo")
    image = SealedField()  # a JPEG in base64
    taken_in_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"photo of {self.proof_id}"


class Attempt(models.Model):
    """A visit to the door that did not end in a hand-over. Append-only."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT)
    carrier = models.ForeignKey(User, on_delete=models.PROTECT)
    reason = models.CharField(max_length=20)
    incident = models.CharField(max_length=20, default="")  # where the reason is one
    note = SealedField(default="")
    at = models.DateTimeField()  # by the rider's device
    recorded_at = models.DateTimeField(null=True)  # by our clock
    clock_off_s = models.BigIntegerField(null=True)

    def __str__(self) -> str:
        return f"{self.reason} {self.order_id}"


class Leg(models.Model):
    """A part of an order's way that is carried and paid by itself: by a counter or the post."""

    class Kind(models.TextChoices):
        """Which part."""

        TO_COUNTER = "to_counter"
        ONWARD = "onward"
        POST = "post"
        HOME = "home"  # from a counter back to the pharmacy

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="legs")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=Kind)
    fleet = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    carrier = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=40, default="")  # the consignment number of a post
    cost_rp = models.PositiveBigIntegerField()  # what the public funds pay of it
    began_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)  # since when it is owed to the fleet

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "number"], name="one_leg_a_number"),
            models.UniqueConstraint(
                fields=["fleet", "reference"],
                name="one_leg_a_consignment",
                condition=~models.Q(reference=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id}/{self.number}"


class Disposition(models.Model):
    """What the pharmacist decided about a bag that came back. Append-only."""

    order = models.OneToOneField(Order, on_delete=models.PROTECT)
    what = models.CharField(max_length=10, choices=list(lifecycle.DISPOSITIONS.items()))
    why = SealedField()
    by = models.ForeignKey(User, on_delete=models.PROTECT)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.what} {self.order_id}"


class DeviceEvent(models.Model):
    """What a rider's device kept while there was no network, in the order in which it happened."""

    class State(models.TextChoices):
        """What became of it."""

        WAITING = "waiting"  # an earlier one of this device is not here yet
        TAKEN = "taken"
        REFUSED = "refused"

    rider = models.ForeignKey(User, on_delete=models.PROTECT)
    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    device = models.CharField(max_length=40)
    sequence = models.PositiveIntegerField()
    kind = models.CharField(max_length=20)
    order_code = models.CharField(max_length=20)
    at = models.DateTimeField()  # by the device's clock
    clock_off_s = models.BigIntegerField()
    fields = SealedField()
    received_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    why = models.CharField(max_length=300, default="")  # the sentence, where it was refused

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rider", "device", "sequence"], name="one_device_event_a_number"
            )
        ]
        indexes = [models.Index(fields=["region", "state", "-id"], name="device_events_by_state")]

    def __str__(self) -> str:
        return f"{self.kind} {self.order_code} {self.device}/{self.sequence}"
