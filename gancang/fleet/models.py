"""Riders, trainings, shifts."""

from django.db import models

from gancang.accounts.models import User
from gancang.regions.models import Organisation, Region
from gancang.vault import SealedField


class Rider(models.Model):
    """A person who carries, for one fleet."""

    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="rider")
    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    vehicle = models.CharField(max_length=40)
    plate = models.CharField(max_length=20, default="")
    phone = SealedField(default="")
    bags_max = models.PositiveSmallIntegerField(default=6)
    # What he carries bags in, and when somebody last looked at it.
    has_opaque_bag = models.BooleanField(default=False)
    has_cold_bag = models.BooleanField(default=False)
    equipment_checked_on = models.DateField(null=True)

    def __str__(self) -> str:
        return str(self.user)


class Training(models.Model):
    """A training for one class of goods. It runs out."""

    rider = models.ForeignKey(Rider, on_delete=models.CASCADE, related_name="trainings")
    item_class = models.CharField(max_length=40)
    trained_on = models.DateField()
    expires_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rider", "item_class", "trained_on"], name="one_training_a_day_and_class"
            )
        ]

    def __str__(self) -> str:
        return f"{self.item_class} until {self.expires_on}"


class Shift(models.Model):
    """From when until when somebody worked, and where he was last seen."""

    rider = models.ForeignKey(Rider, on_delete=models.PROTECT, related_name="shifts")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    seen_at = models.DateTimeField(null=True)
    # Until when he works, if that is known.
    ends_by = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rider"],
                condition=models.Q(ended_at=None),
                name="one_open_shift_a_rider",
            )
        ]

    def __str__(self) -> str:
        return f"shift of {self.rider_id}"
