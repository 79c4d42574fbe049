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
    # keeping.kept(world), Planner.told(), and how people got along then: with the same seed and
    # iterations they give the same plan again.
    world = models.JSONField()
    thinking = models.JSONField(default=dict)
    travel = models.JSONField(default=dict)
    # Seconds and metres by roads, keeping.ways_kept; empty where all of it was estimated.
    ways = models.JSONField(default=dict)
    # Whether the world still holds where riders were; `forgetting` takes it after some days.
    has_places = models.BooleanField(default=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["region", "at"],
                condition=models.Q(has_places=True),
                name="ticks_with_places",
            )
        ]

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
    # The next best riders with their scores, best first; None where nobody reckoned them.
    alternatives = models.JSONField(null=True)
    # Why by hand, where an operator and not the planner chose; or why the rider said no.
    reason = models.CharField(max_length=200, default="")
    # Offers of one name are answered together: the bags of a round. "": by itself.
    group = models.CharField(max_length=180, default="")

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
            models.Index(
                fields=["answered_at"], condition=models.Q(answer="yes"), name="offers_taken"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} to {self.rider_id}"


class Waiting(models.Model):
    """Why an order is not offered: one named reason, since when; if it is planned, for whom."""

    order = models.OneToOneField(Order, on_delete=models.CASCADE)
    reason = models.CharField(max_length=40)
    rider = models.CharField(max_length=150, default="")
    since = models.DateTimeField()
    # None where it was kept from the planner: it is not confirmed, frozen, or goes later.
    tick = models.ForeignKey(Tick, on_delete=models.PROTECT, null=True)

    def __str__(self) -> str:
        return f"{self.order_id}: {self.reason}"


class Regime(models.Model):
    """What plans a region from a moment on, and what is tried in its shadow. The newest holds.

    A policy is named as the pack names it; "": the pack's first. Without any row: that too.
    """

    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    since = models.DateTimeField()
    by = models.CharField(max_length=150)
    policy = models.CharField(max_length=40, default="")
    engine = models.CharField(max_length=10)
    shadow_policy = models.CharField(max_length=40, default="")
    shadow_engine = models.CharField(max_length=10, default="")  # "": nothing in the shadow

    def __str__(self) -> str:
        return f"{self.policy} ({self.engine}) since {self.since}"


class Comparison(models.Model):
    """One tick planned a second time, without offers: what the plan in the shadow does otherwise.

    The figures are what each plan adds to the work that was promised before: `…_instead` those of
    the shadow. `running` and `instead` name policy and engine.
    """

    tick = models.OneToOneField(Tick, on_delete=models.PROTECT)
    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    at = models.DateTimeField()
    running = models.CharField(max_length=60)
    instead = models.CharField(max_length=60)
    thinking = models.JSONField()
    iterations = models.PositiveIntegerField()
    seconds = models.FloatField()
    considered = models.PositiveIntegerField()
    moved = models.PositiveIntegerField()  # orders that another rider would get, or none
    # [order, rider, rider instead], the moved ones; None: nobody.
    orders = models.JSONField()
    served = models.PositiveIntegerField()
    served_instead = models.PositiveIntegerField()
    riders = models.IntegerField()
    riders_instead = models.IntegerField()
    lateness_s = models.IntegerField()
    lateness_s_instead = models.IntegerField()
    wait_s = models.IntegerField()
    wait_s_instead = models.IntegerField()
    distance_m = models.IntegerField()
    distance_m_instead = models.IntegerField()
    duration_s = models.IntegerField()
    duration_s_instead = models.IntegerField()

    class Meta:
        indexes = [models.Index(fields=["region", "-id"], name="comparisons_of_region")]

    def __str__(self) -> str:
        return f"{self.instead} in the shadow of {self.running}"
