"""What the hospital notes of those who waited at its counter."""

from django.db import models

from gancang.regions.models import Organisation, Region


class CounterWait(models.Model):
    """One patient who was asked and stayed: when he came, when he had his medicine. No name."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    origin = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    clinic = models.CharField(max_length=80)
    compounded = models.BooleanField(default=False)
    came_at = models.DateTimeField()
    served_at = models.DateTimeField()
    by = models.CharField(max_length=80)
    noted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(served_at__gte=models.F("came_at")),
                name="served_not_before_he_came",
            )
        ]
        indexes = [
            models.Index(fields=["region", "came_at"], name="counter_waits_by_day"),
            models.Index(fields=["origin", "-id"], name="counter_waits_of_house"),
        ]

    def __str__(self) -> str:
        return f"{self.clinic} {self.came_at:%Y-%m-%d}"

    @property
    def minutes(self) -> int:
        """How long he waited."""
        return round((self.served_at - self.came_at).total_seconds() / 60)
