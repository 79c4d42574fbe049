"""Planning ticks, the offers they made, and why an order still waits."""

from django.db import models

from gancang.accounts.models import User
from gancang.orders.models import Order
from gancang.regions.models import Organisation, Region


class Tick(models.Model):
    """One run of the planner: what it looked at, and all that is needed to run it again."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    at = models.DateTimeField()
    seed = models.BigIntegerField()
    iterations = models.PositiveIntegerField()
    considered = models.PositiveIntegerField()
    assigned = models.PositiveIntegerField()
    seconds = models.FloatField()
    # planning.kept(world): the same world, seed and iterations give the same plan again.
    world = models.JSONField()

    def __str__(self) -> str:
        return f"tick {self.pk}"


class Offer(models.Model):
    """An order offered to a rider: when shown, until when, what he answered, and why he."""

    class Answer(models.TextChoices):
        """What became of it. Silence is a no."""

        OPEN = "open"
        YES = "yes"
        NO = "no"
        SILENT = "silent"
        WITHDRAWN = "withdrawn"

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="offers")
    rider = models.ForeignKey(User, on_delete=models.PROTECT)
    fleet = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    tick = models.ForeignKey(Tick, on_delete=models.PROTECT, null=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    shown_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=10, choices=Answer, default=Answer.OPEN)
    answered_at = models.DateTimeField(null=True)
    pay_rp = models.PositiveBigIntegerField()
    distance_m = models.PositiveIntegerField()
    score = models.JSONField(default=dict)
    # Why by hand, where an operator and not the planner chose; or why the rider said no.
    reason = models.CharField(max_length=200, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order"], condition=models.Q(answer="open"), name="one_open_offer_an_order"
            )
        ]
        indexes = [
            models.Index(
                fields=["rider"], condition=models.Q(answer="open"), name="offers_open_to_rider"
            ),
            models.Index(
                fields=["expires_at"], condition=models.Q(answer="open"), name="offers_to_expire"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} to {self.rider_id}"


class Waiting(models.Model):
    """Why an order was left out of the last plan: one named reason, since when."""

    order = models.OneToOneField(Order, on_delete=models.CASCADE)
    reason = models.CharField(max_length=40)
    since = models.DateTimeField()
    tick = models.ForeignKey(Tick, on_delete=models.PROTECT)

    def __str__(self) -> str:
        return f"{self.order_id}: {self.reason}"
