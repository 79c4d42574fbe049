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

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["origin", "number"], name="one_order_a_prescription_number"
            )
        ]
        indexes = [models.Index(fields=["number"], name="prescriptions_by_number")]

    def __str__(self) -> str:
        return self.number


class Acceptance(models.Model):
    """The patient agreed beforehand to pay so much for the delivery. Append-only."""

    order = models.OneToOneField(Order, on_delete=models.PROTECT)
    amount_rp = models.PositiveBigIntegerField()
    door = models.CharField(max_length=10)  # form, csv or api
    recorded_by = models.CharField(max_length=80)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"acceptance of {self.order_id}"


class Release(models.Model):
    """The pharmacist's final check and the counselling that came before it. Append-only."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT)
    pharmacist = models.ForeignKey(User, on_delete=models.PROTECT)
    at = models.DateTimeField()
    channel = models.CharField(max_length=20)
    told_to = models.CharField(max_length=20)
    topics = models.JSONField()
    bags = models.PositiveSmallIntegerField()
    bag_code = models.CharField(max_length=20)

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
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token", "key"], name="one_call_a_key")]

    def __str__(self) -> str:
        return self.key
