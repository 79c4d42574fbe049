"""Roads that a decree closes for a while."""

from django.db import models

from gancang.maps.rules import Cause
from gancang.regions.models import Region


class RoadClosure(models.Model):
    """Roads closed by a decree: which, from when, until when, why. Never changed; see its end."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    kind = models.CharField(max_length=10)  # of maps.closed: a circle, an area, a way
    points = models.JSONField()  # [[lat, lon], …]
    radius_m = models.PositiveIntegerField(default=0)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)  # null: until further notice
    cause = models.CharField(max_length=20, choices=[(each.value, each) for each in Cause])
    decree = models.CharField(max_length=80)
    decree_on = models.DateField()
    motorcycles_pass = models.BooleanField(default=False)
    by = models.CharField(max_length=150)
    made_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["region", "until"], name="closed_roads_by_end")]

    def __str__(self) -> str:
        return self.decree


class RoadOpening(models.Model):
    """A closure that was ended before its time, or called off before it began."""

    closure = models.OneToOneField(RoadClosure, on_delete=models.PROTECT, related_name="ended")
    at = models.DateTimeField()
    by = models.CharField(max_length=150)

    def __str__(self) -> str:
        return f"{self.closure_id} at {self.at}"
