"""What a sender knows of a delivery, and by which proof it ended."""

from django.db import models

from gancang.orders.models import Order
from gancang.vault import SealedField


class Parcel(models.Model):
    """What is in it, as the sender wrote it down. Sealed: what a letter of the office says of
    somebody is nobody else's business.
    """

    order = models.OneToOneField(Order, on_delete=models.PROTECT)
    contents = SealedField()
    note = SealedField(default="")  # for the rider: what to mind
    entered_by = models.CharField(max_length=80)
    received_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"parcel of {self.order_id}"


class Shown(models.Model):
    """By which level of proof a hand-over was accepted, and why by no better one. Append-only."""

    order = models.OneToOneField(Order, on_delete=models.PROTECT)
    level = models.CharField(max_length=20)
    required = models.CharField(max_length=20)
    reason = SealedField(default="")  # why not by the one that is required
    office = SealedField(default="")  # of the witness
    left = models.BooleanField(default=False)  # at the door, nobody received it
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.level} {self.order_id}"
