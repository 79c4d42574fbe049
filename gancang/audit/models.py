"""Events that nobody edits, and the links that chain them."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models


class Event(models.Model):
    """One thing that happened. `payload` is the exact text that the chain's hash covers."""

    region_code = models.CharField(max_length=20)
    at = models.DateTimeField()
    actor = models.CharField(max_length=80)
    kind = models.CharField(max_length=60)
    subject = models.CharField(max_length=60)
    payload = models.TextField()

    class Meta:
        indexes = [
            models.Index(fields=["region_code", "subject", "id"], name="audit_by_subject"),
            models.Index(fields=["region_code", "id"], name="audit_by_region"),
            BrinIndex(fields=["at"], name="audit_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"


class Link(models.Model):
    """An event's place in its region's chain. Written by the database itself at commit."""

    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="link")
    region_code = models.CharField(max_length=20)
    number = models.BigIntegerField()
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region_code", "number"], name="one_chain_a_region")
        ]

    def __str__(self) -> str:
        return f"{self.region_code} #{self.number}"


class Seal(models.Model):
    """The end of a region's chain on one day, published: who copied it can prove that day's past.

    Append-only.
    """

    region_code = models.CharField(max_length=20)
    day = models.DateField()  # by the region's calendar
    number = models.BigIntegerField()
    hash = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region_code", "day"], name="one_seal_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.region_code} {self.day}: {self.number}"


class Head(models.Model):
    """The end of a region's chain: the only row of the audit that ever changes."""

    region_code = models.CharField(max_length=20, primary_key=True)
    number = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="")

    def __str__(self) -> str:
        return f"{self.region_code} at {self.number}"
