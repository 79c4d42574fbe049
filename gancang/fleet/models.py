"""Riders, their papers and trainings, their planned duties, shifts and breaks."""

from django.db import models

from gancang.accounts.models import User
from gancang.fleet.hours import Hours
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


class Paper(models.Model):
    """An original that somebody saw: a licence, a registration. The newest row of a kind counts."""

    rider = models.ForeignKey(Rider, on_delete=models.CASCADE, related_name="papers")
    kind = models.CharField(max_length=40)  # a code of the region's pack
    number = SealedField(default="")
    expires_on = models.DateField(null=True)
    seen_on = models.DateField()
    seen_by = models.ForeignKey(User, on_delete=models.PROTECT)

    class Meta:
        indexes = [models.Index(fields=["rider", "kind", "-id"], name="papers_of_rider")]

    def __str__(self) -> str:
        return f"{self.kind} until {self.expires_on}"


class Duty(models.Model):
    """When a rider is to work on a day, by the region's clock."""

    rider = models.ForeignKey(Rider, on_delete=models.CASCADE, related_name="duties")
    day = models.DateField()
    starts = models.TimeField()
    ends = models.TimeField()
    break_from = models.TimeField(null=True)
    break_until = models.TimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rider", "day"], name="one_duty_a_day"),
            models.CheckConstraint(
                condition=models.Q(ends__gt=models.F("starts")), name="duty_ends_after_start"
            ),
        ]
        indexes = [models.Index(fields=["day"], name="duties_of_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.starts:%H:%M}"

    def hours(self) -> Hours:
        """Its hours."""
        return Hours(
            starts=self.starts,
            ends=self.ends,
            break_from=self.break_from,
            break_until=self.break_until,
        )


class Shift(models.Model):
    """From when until when somebody worked, and where he was last seen."""

    rider = models.ForeignKey(Rider, on_delete=models.PROTECT, related_name="shifts")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    seen_at = models.DateTimeField(null=True)
    # Until when he works by the plan that was taken over, if there was one.
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


class Rest(models.Model):
    """A break in a shift: taken over from the plan, or taken unplanned."""

    shift = models.ForeignKey(Shift, on_delete=models.CASCADE, related_name="rests")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    is_planned = models.BooleanField()

    class Meta:
        indexes = [models.Index(fields=["shift", "starts_at"], name="rests_of_shift")]

    def __str__(self) -> str:
        return f"{self.starts_at:%H:%M}-{self.ends_at:%H:%M}"
