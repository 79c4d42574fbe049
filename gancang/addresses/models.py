"""What people go by where houses have no numbers."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from gancang.regions.models import Region, Village


class Landmark(models.Model):
    """A mosque, a school, a shop: its name, its place, and who told of it."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    village = models.ForeignKey(Village, on_delete=models.PROTECT)
    kind = models.CharField(max_length=20)  # of rules.KINDS
    name = models.CharField(max_length=80)
    sounds = models.CharField(max_length=200)  # what rules.sounds_of makes of the name
    lat = models.FloatField()
    lon = models.FloatField()
    source = models.CharField(max_length=20)  # of rules.SOURCES
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["region", "village", "name"],
                name="landmarks_in_use",
                condition=models.Q(withdrawn_at=None),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


class Outline(models.Model):
    """Where a village ends, as the region's operator loaded it, and the box that holds it."""

    village = models.OneToOneField(Village, on_delete=models.CASCADE, primary_key=True)
    shape = models.BinaryField()  # WKB, longitude first
    west = models.FloatField()
    south = models.FloatField()
    east = models.FloatField()
    north = models.FloatField()

    def __str__(self) -> str:
        return f"outline of {self.village_id}"
