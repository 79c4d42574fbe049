"""Which orders go together, and what each bears of the trip's price."""

from django.db import models

from gancang.orders.models import Order
from gancang.regions.models import Region


class Trip(models.Model):
    """Orders of one house that one rider brings at once. Gone when fewer than two are left."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"trip {self.pk}"


class Joined(models.Model):
    """An order of a trip. Gone when it goes by itself again; the audit keeps that it was here."""

    order = models.OneToOneField(Order, on_delete=models.PROTECT)
    trip = models.ForeignKey(Trip, on_delete=models.CASCADE, related_name="members")
    # What it would cost by itself, and what the patient has agreed to pay of that.
    alone_rp = models.PositiveBigIntegerField()
    alone_patient_rp = models.PositiveBigIntegerField()
    share_rp = models.PositiveBigIntegerField()  # of the trip's price

    def __str__(self) -> str:
        return f"{self.order_id} in trip {self.trip_id}"
