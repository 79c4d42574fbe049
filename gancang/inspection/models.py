"""What an auditor drew to look at, and what he found."""

from typing import ClassVar

from django.db import models

from gancang.accounts.models import User
from gancang.inspection.rules import FOUND, HOWS, OUTCOMES
from gancang.ledger.models import Transfer
from gancang.orders.models import Order
from gancang.regions.models import Region
from gancang.vault import SealedField


class Sample(models.Model):
    """Lines of the book drawn by money. Who knows the seed can draw the same again."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    first = models.DateField()
    last = models.DateField()
    programme = models.CharField(max_length=40, default="")  # "": of all
    fund = models.CharField(max_length=40, default="")
    payee = models.CharField(max_length=40, default="")
    # Where the chain ended when it was drawn: nobody chooses what he will be shown.
    seed = models.CharField(max_length=64)
    interval_rp = models.BigIntegerField()
    lines_in_all = models.PositiveIntegerField()
    total_rp = models.BigIntegerField()
    drawn_by = models.ForeignKey(User, on_delete=models.PROTECT)
    drawn_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"sample {self.pk}"


class Recheck(models.Model):
    """A hand-over that its receiver is asked about again, and what he says."""

    order = models.OneToOneField(Order, on_delete=models.PROTECT, related_name="recheck")
    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    drawn_for = models.DateField()  # the day of the hand-over
    seed = models.CharField(max_length=64)  # that day's seal
    tries = models.PositiveSmallIntegerField(default=0)  # calls that nobody answered
    how = models.CharField(max_length=10, choices=list(HOWS.items()), default="", blank=True)
    outcome = models.CharField(max_length=12, choices=list(OUTCOMES.items()), default="")
    note = SealedField(default="")
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True)
    asked_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["region", "id"], name="rechecks_to_ask", condition=models.Q(outcome="")
            )
        ]

    def __str__(self) -> str:
        return f"recheck of {self.order_id}"


class SampleLine(models.Model):
    """One line of the book that was drawn, and what was found of it."""

    sample = models.ForeignKey(Sample, on_delete=models.PROTECT, related_name="lines")
    transfer = models.ForeignKey(Transfer, on_delete=models.PROTECT, related_name="+")
    found = models.CharField(max_length=10, choices=list(FOUND.items()), default="")
    wrong_rp = models.BigIntegerField(default=0)
    note = SealedField(default="")
    judged_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True)
    judged_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sample", "transfer"], name="one_draw_a_line"),
            models.CheckConstraint(
                condition=models.Q(found="wrong", wrong_rp__gt=0)
                | models.Q(wrong_rp=0) & ~models.Q(found="wrong"),
                name="only_a_wrong_line_has_wrong_rupiah",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sample}: {self.transfer_id}"
