"""What an office bought, at whom, for how much."""

from typing import ClassVar

from django.db import models

from gancang.accounts.models import User
from gancang.regions.models import Organisation, Region


class Purchase(models.Model):
    """One purchase of an office, with the receipt that proves it."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    office = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    seller = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="sales")
    on = models.DateField()
    what = models.CharField(max_length=120)
    amount_rp = models.PositiveBigIntegerField()
    receipt = models.CharField(max_length=40)
    # Why the office stayed with this seller although it should have gone on.
    stayed_because = models.CharField(max_length=200, default="", blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT)
    at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["seller", "receipt"],
                condition=models.Q(taken_back_at=None),
                name="one_purchase_a_receipt",
            ),
            models.CheckConstraint(condition=models.Q(amount_rp__gt=0), name="purchases_cost"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["office", "-on", "-id"], name="purchases_of_office"),
            models.Index(fields=["region", "-id"], name="purchases_of_region"),
        ]

    def __str__(self) -> str:
        return f"purchase {self.pk}"
