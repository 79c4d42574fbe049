"""Prescriptions, releases with their counselling, and files of prescriptions being imported."""

from django.db import models

from gancang.accounts.models import ApiToken, User
from gancang.orders.models import Order
from gancang.regions.models import Organisation, Region
from gancang.vault import SealedField


class Prescription(models.Model):
    """What the hospital knows of an order. The items are health data: sealed, never a rider's."""

    order = models.OneToOneField(Order, on_delete=models.PROTECT)
    origin = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    number = models.CharField(max_length=40)
    clinic = models.CharField(max_length=80)
    prescriber = models.CharField(max_length=120)
    items = SealedField()  # a line an item, as the prescription says it
    door = models.CharField(max_length=10)  # form, csv or api
    entered_by = models.CharField(max_length=80)
    received_at = models.DateTimeField()
    # When it was written, its preparation and its readiness: null where nobody said so.
    prescribed_at = models.DateTimeField(null=True)
    compounded = models.BooleanField(default=False)  # mixed in the pharmacy: 60 minutes, not 30
    reviewed_at = models.DateTimeField(null=True)
    ready_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["origin", "number"], name="one_order_a_prescription_number"
            )
        ]
        indexes = [models.Index(fields=["number"], name="prescriptions_by_number")]

    def __str__(self) -> str:
        return self.number


class Item(models.Model):
    """One medicine of a prescription. Health data: sealed, never a rider's."""

    prescription = models.ForeignKey(Prescription, on_delete=models.PROTECT, related_name="lines")
    line = models.PositiveSmallIntegerField()
    name = SealedField()
    quantity = SealedField(default="")
    chosen_class = SealedField(default="")  # by hand; what the name says is added to it
    supply_days = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["prescription", "line"], name="one_item_a_line")
        ]
        indexes = [  # whose supply ends
            models.Index(
                fields=["prescription", "supply_days"],
                name="items_with_a_supply",
                condition=models.Q(supply_days__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"item {self.line} of {self.prescription_id}"


class ItemDecision(models.Model):
    """What the pharmacist decided of one item, and why. Append-only; the last one counts."""

    class Kind(models.TextChoices):
        """What becomes of the item."""

        AS_WRITTEN = "as_written"  # an earlier decision is taken back
        STAYS = "stays"  # it does not travel: fetched at the counter
        TRAVELS = "travels"  # although its class is fetched as a rule
        PARTIAL = "partial"  # some of it goes, the rest is owed
        MISSING = "missing"  # none of it is there: all of it is owed
        REPLACED = "replaced"  # by another medicine

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="decisions")
    kind = models.CharField(max_length=12, choices=Kind)
    reason = SealedField(default="")
    given = SealedField(default="")  # how much goes, or what instead
    owed = SealedField(default="")  # how much is still to come
    by = models.ForeignKey(User, on_delete=models.PROTECT)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.kind} {self.item_id}"


class Owed(models.Model):
    """What the pharmacy still owes a patient, until another order or the counter gives it."""

    class Closed(models.TextChoices):
        """How it ended."""

        ORDER = "order"
        COUNTER = "counter"
        DROPPED = "dropped"  # not needed any more

    item = models.OneToOneField(Item, on_delete=models.PROTECT)
    origin = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    since = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_how = models.CharField(max_length=10, choices=Closed, default="")
    closed_by = models.CharField(max_length=80, default="")
    note = SealedField(default="")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, null=True)  # that brings the rest

    class Meta:
        indexes = [
            models.Index(
                fields=["origin", "id"],
                name="owed_and_open",
                condition=models.Q(closed_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"owed {self.item_id}"


class Review(models.Model):
    """The pharmacist's review of a prescription (telaah resep), point by point. Append-only."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT)
    pharmacist = models.ForeignKey(User, on_delete=models.PROTECT)
    at = models.DateTimeField()
    points = models.JSONField()
    note = SealedField(default="")  # whom one asked, what was answered

    def __str__(self) -> str:
        return f"review of {self.order_id}"


class Preparation(models.Model):
    """Somebody has put a prescription together; the final check is somebody else's. Append-only."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT)
    by = models.ForeignKey(User, on_delete=models.PROTECT)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"preparation of {self.order_id}"


class Bag(models.Model):
    """One bag of an order, with a code of its own on it. Freed once the order is over."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="bag_rows")
    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    place = models.PositiveSmallIntegerField()  # bag 1 of 3
    code = models.CharField(max_length=20)
    seal = models.CharField(max_length=20, default="")
    cold_minutes = models.PositiveSmallIntegerField(null=True)  # null: no cold mark on it
    pharmacy = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    number = models.CharField(max_length=40)  # of the prescription whose medicine is in it
    packed_at = models.DateTimeField()
    freed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["region", "code"],
                name="one_bag_a_code",
                condition=models.Q(freed_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return self.code


class OtherReceiver(models.Model):
    """Somebody received who is not among those named for it, and why. Append-only."""

    order = models.OneToOneField(Order, on_delete=models.PROTECT)
    why = SealedField(default="")  # empty: sent later by a device, nobody could be asked
    by = models.CharField(max_length=80)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"other receiver of {self.order_id}"


class Acceptance(models.Model):
    """The patient agreed beforehand to pay so much for the delivery. Append-only."""

    order = models.OneToOneField(Order, on_delete=models.PROTECT)
    amount_rp = models.PositiveBigIntegerField()
    door = models.CharField(max_length=10)  # form, csv or api
    recorded_by = models.CharField(max_length=80)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"acceptance of {self.order_id}"


class VisitNote(models.Model):
    """What a pharmacist saw and advised at a patient's home. Health data: sealed. Append-only."""

    order = models.OneToOneField(Order, on_delete=models.PROTECT)
    pharmacist = models.ForeignKey(User, on_delete=models.PROTECT)
    at = models.DateTimeField()
    home = SealedField(default="")
    adherence = SealedField(default="")
    side_effects = SealedField(default="")
    advice = SealedField(default="")

    def __str__(self) -> str:
        return f"visit of {self.order_id}"


class Release(models.Model):
    """The pharmacist's final check and the counselling that came before it. Append-only."""

    class SecondLook(models.TextChoices):
        """Who made the final check."""

        OTHER_PERSON = "other_person"
        SAME_PERSON = "same_person"  # he alone was on duty: a second look after a pause

    order = models.ForeignKey(Order, on_delete=models.PROTECT)
    pharmacist = models.ForeignKey(User, on_delete=models.PROTECT)
    at = models.DateTimeField()
    channel = models.CharField(max_length=20)
    told_to = models.CharField(max_length=20)
    topics = models.JSONField()
    bags = models.PositiveSmallIntegerField()
    bag_code = models.CharField(max_length=20)
    second_look = models.CharField(
        max_length=12, choices=SecondLook, default=SecondLook.SAME_PERSON
    )
    look_after_s = models.PositiveIntegerField(default=0)  # since it was prepared
    told_name = SealedField(default="")
    told_at = models.DateTimeField(null=True)  # null: at the release
    told_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return f"release of {self.order_id}"


class Import(models.Model):
    """A file of prescriptions: staged whole, judged whole, then placed in batches."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    origin = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    digest = models.CharField(max_length=64)
    by = models.CharField(max_length=80)
    started_at = models.DateTimeField()
    rows = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["origin", "digest"], name="one_import_a_file")
        ]

    def __str__(self) -> str:
        return f"import {self.pk}"


class ImportRow(models.Model):
    """A good row that waits to be placed; gone once it is an order."""

    batch = models.ForeignKey(Import, on_delete=models.CASCADE)
    row = models.PositiveIntegerField()
    draft = SealedField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "row"], name="one_draft_a_row")]

    def __str__(self) -> str:
        return f"row {self.row}"


class Call(models.Model):
    """A machine's request with its Idempotency-Key, so that a repeat gets the same answer."""

    token = models.ForeignKey(ApiToken, on_delete=models.PROTECT)
    key = models.CharField(max_length=80)
    digest = models.CharField(max_length=64)
    order = models.ForeignKey(Order, on_delete=models.PROTECT)
    # What the caller was told then: a shared trip may be cheaper later. Null before it was kept.
    told_pays_rp = models.PositiveIntegerField(null=True)
    told_promise_at = models.DateTimeField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token", "key"], name="one_call_a_key")]

    def __str__(self) -> str:
        return self.key
