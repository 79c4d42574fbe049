"""Residents, facts about them with source and date, and the log of every reading."""

from django.db import models

from gancang.regions.models import Region, Village
from gancang.vault import SealedField


class Resident(models.Model):
    """A person who is served. NIK, birth date and phone are sealed."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    full_name = models.CharField(max_length=120)
    nik = SealedField(default="")
    # Null, not empty: many may have no NIK, no two may have the same.
    nik_index = models.CharField(max_length=24, null=True)  # noqa: DJ001
    birth_date = SealedField(default="")
    phone = SealedField(default="")
    phone_index = models.CharField(max_length=24, default="", db_index=True)
    village = models.ForeignKey(Village, on_delete=models.PROTECT)
    address = models.CharField(max_length=200)
    landmark = models.CharField(max_length=200, default="")
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "nik_index"], name="one_resident_a_nik")
        ]

    def __str__(self) -> str:
        return f"resident {self.pk}"


class Fact(models.Model):
    """One thing known of a resident, sealed, with where it comes from and of which day."""

    resident = models.ForeignKey(Resident, on_delete=models.CASCADE, related_name="facts")
    name = models.CharField(max_length=40)
    value = SealedField()  # JSON
    source = models.CharField(max_length=80)
    as_of = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["resident", "name"], name="one_fact_of_a_name")
        ]

    def __str__(self) -> str:
        return f"{self.name} of resident {self.resident_id}"


class Reading(models.Model):
    """Somebody read a person's data. Append-only."""

    region_code = models.CharField(max_length=20)
    # A plain number: the log outlives an erased person.
    resident_number = models.BigIntegerField(db_index=True)
    by = models.CharField(max_length=80)
    role = models.CharField(max_length=20)
    purpose = models.CharField(max_length=60)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.by} read resident {self.resident_number}"
