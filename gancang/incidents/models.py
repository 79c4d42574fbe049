"""Incidents with what was done about them, patients to be rung, lateness, notes between shifts."""

from django.db import models

from gancang.fleet.models import Rider
from gancang.incidents import rules
from gancang.orders.models import Order
from gancang.regions.models import Organisation, Region
from gancang.vault import SealedField


class Incident(models.Model):
    """Something that went wrong. It can be closed, not deleted."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    kind = models.CharField(max_length=12, choices=list(rules.KINDS.items()))
    order = models.ForeignKey(Order, on_delete=models.PROTECT, null=True, related_name="incidents")
    rider = models.ForeignKey(Rider, on_delete=models.PROTECT, null=True, related_name="incidents")
    bag_code = models.CharField(max_length=20, default="")
    stage = models.CharField(max_length=10, default="")  # the order's state when it was told
    happened_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=80)
    what_happened = SealedField()
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    # Somebody has seen it and acts; for a rider who calls for help this ends the alarm.
    seen_at = models.DateTimeField(null=True)
    seen_by = models.CharField(max_length=80, default="")
    rider_read_at = models.DateTimeField(null=True)
    # What became of the bag once the pharmacy had it again.
    disposition = models.CharField(
        max_length=10, default="", blank=True, choices=list(rules.DISPOSITIONS.items())
    )
    disposed_at = models.DateTimeField(null=True)
    disposed_by = models.CharField(max_length=80, default="")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=80, default="")

    class Meta:
        indexes = [
            models.Index(fields=["region", "-id"], name="incidents_of_region"),
            models.Index(
                fields=["region", "kind"],
                name="incidents_open",
                condition=models.Q(closed_at=None),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["order"],
                name="one_open_recall_an_order",
                condition=models.Q(kind="recall", closed_at=None),
            ),
            models.UniqueConstraint(
                fields=["rider"],
                name="one_open_call_for_help_a_rider",
                condition=models.Q(kind="help", closed_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Entry(models.Model):
    """What was done about an incident, or who was told. Append-only."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="entries")
    at = models.DateTimeField()
    by = models.CharField(max_length=80)
    kind = models.CharField(max_length=10, choices=list(rules.ENTRIES.items()))
    whom = models.CharField(max_length=80, default="")  # who was told
    text = SealedField()

    def __str__(self) -> str:
        return f"{self.kind} of {self.incident_id}"


class OtherBag(models.Model):
    """The bag of another order that a recall concerns: swapped with the first, or perhaps so."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="other_bags")
    order = models.ForeignKey(Order, on_delete=models.PROTECT)
    disposition = models.CharField(
        max_length=10, default="", choices=list(rules.DISPOSITIONS.items())
    )
    disposed_at = models.DateTimeField(null=True)
    disposed_by = models.CharField(max_length=80, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["incident", "order"], name="one_other_bag_an_order")
        ]

    def __str__(self) -> str:
        return f"other bag of {self.incident_id}"


class CallDue(models.Model):
    """A patient who must be rung because of an incident, and what came of it."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="calls")
    order = models.ForeignKey(Order, on_delete=models.PROTECT)
    script = models.CharField(max_length=20)  # of rules.SCRIPTS: what to say
    tries = models.PositiveSmallIntegerField(default=0)
    reached_at = models.DateTimeField(null=True)
    reached_by = models.CharField(max_length=80, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "order"], name="one_call_a_patient_and_incident"
            )
        ]

    def __str__(self) -> str:
        return f"call about {self.order_id}"


class Lateness(models.Model):
    """That an order is late: alarmed once, whatever happens to it afterwards."""

    order = models.OneToOneField(Order, on_delete=models.PROTECT, related_name="lateness")
    at = models.DateTimeField()
    promise_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    seen_by = models.CharField(max_length=80, default="")

    def __str__(self) -> str:
        return f"{self.order_id} is late"


class ShiftNote(models.Model):
    """What one operator hands over to the next: what was open, and his own words. Kept for good."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True)
    written_at = models.DateTimeField()
    written_by = models.CharField(max_length=80)
    # By kind: how many there were, and the first of them with code or number and since when.
    left_open = models.JSONField()
    words = SealedField()
    taken_at = models.DateTimeField(null=True)
    taken_by = models.CharField(max_length=80, default="")

    class Meta:
        indexes = [models.Index(fields=["region", "-id"], name="shift_notes_of_region")]

    def __str__(self) -> str:
        return f"note {self.pk} of {self.written_by}"
