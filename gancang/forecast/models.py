"""That a budget line nears its end: told once to each role and threshold."""

from django.db import models

from gancang.accounts.models import Role
from gancang.ledger.models import Budget
from gancang.regions.models import Region


class Notice(models.Model):
    """What was foreseen when a budget line came so many days near its end; 0: nothing is left."""

    class Kind(models.TextChoices):
        """What is told of it."""

        ENDS = "ends"
        NO_NEXT_YEAR = "no_next_year"  # the year ends, and nobody entered a line of the next

    kind = models.CharField(max_length=12, choices=Kind, default=Kind.ENDS)
    # How many documents had changed the budget by then: after a further one it is told anew.
    revisions = models.PositiveSmallIntegerField(default=0)
    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    budget = models.ForeignKey(Budget, on_delete=models.PROTECT)
    role = models.CharField(max_length=20, choices=Role)
    days = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    free_rp = models.BigIntegerField()
    early = models.DateField(null=True)
    likely = models.DateField(null=True)
    seen_at = models.DateTimeField(null=True)
    seen_by = models.CharField(max_length=80, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["budget", "role", "days", "kind", "revisions"],
                name="one_notice_a_budget_role_and_threshold",
            )
        ]
        indexes = [
            models.Index(
                fields=["region", "role"],
                name="notices_to_see",
                condition=models.Q(seen_at=None),
            )
        ]

    def __str__(self) -> str:
        return f"{self.budget}: {self.days} days"
