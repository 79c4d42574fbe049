"""Fleets and ways that do not serve for a while."""

from django.db import models

from gancang.accounts.models import User
from gancang.reach.closing import Because
from gancang.regions.models import Organisation, Region


class Closure(models.Model):
    """A fleet or a way is switched off: from when, until when, where, why. Ended, never deleted."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    fleet = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    way = models.CharField(max_length=40, default="")  # its code in the pack
    place = models.CharField(max_length=20, default="")  # a village or a district; "": everywhere
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)  # null: until somebody switches it on again
    because = models.CharField(max_length=20, choices=[(each.value, each) for each in Because])
    note = models.CharField(max_length=200, default="")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["region", "until"], name="closures_by_end")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(fleet=None) ^ models.Q(way=""),
                name="a_closure_is_of_a_fleet_or_a_way",
            )
        ]

    def __str__(self) -> str:
        return str(self.fleet or self.way)
