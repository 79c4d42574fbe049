"""Residents, facts about them with source and date, and the log of every reading."""

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models

from gancang.regions.models import Region, Village
from gancang.residents.duplicates import STRONG
from gancang.vault import BlindIndexField, SealedField

PHONES = "residents.phone"
NAME_WORDS = SearchVector("full_name", config="simple")


class Resident(models.Model):
    """A person who is served. NIK, family card, birth date, sex and phone are sealed."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    full_name = models.CharField(max_length=120)
    nik = SealedField(default="")
    # Null, not empty: many may have no NIK, no two may have the same.
    nik_index = BlindIndexField(of="nik", index="residents.nik", null=True)
    family_card = SealedField(default="")  # the number of the kartu keluarga
    family_card_index = BlindIndexField(
        of="family_card", index="residents.family_card", default="", db_index=True
    )
    birth_date = SealedField(default="")
    sex = SealedField(default="")  # "f", "m" or unknown
    phone = SealedField(default="")  # the one that is rung first
    phone_index = BlindIndexField(of="phone", index=PHONES, default="", db_index=True)
    phone_whose = models.CharField(max_length=20, default="")
    village = models.ForeignKey(Village, on_delete=models.PROTECT)
    address = models.CharField(max_length=200)
    hamlet = models.CharField(max_length=80, default="")  # dusun
    rt = models.CharField(max_length=3, default="")
    rw = models.CharField(max_length=3, default="")
    landmark = models.CharField(max_length=200, default="")
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    pin_grade = models.CharField(max_length=20, default="village")
    deceased_on = SealedField(default="")
    deceased_source = models.CharField(max_length=20, default="")
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="merged"
    )
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "nik_index"], name="one_resident_a_nik")
        ]
        indexes: ClassVar = [GinIndex(NAME_WORDS, name="residents_name_words")]

    def __str__(self) -> str:
        return f"resident {self.pk}"


class Phone(models.Model):
    """A further number under which a resident is reached, sealed."""

    resident = models.ForeignKey(Resident, on_delete=models.CASCADE, related_name="phones")
    number = SealedField()
    number_index = BlindIndexField(of="number", index=PHONES, db_index=True)
    whose = models.CharField(max_length=20, default="")
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["resident", "number_index"], name="one_phone_of_a_number"
            )
        ]

    def __str__(self) -> str:
        return f"a phone of resident {self.resident_id}"


class Representative(models.Model):
    """Who acts or receives for a child or for a person who cannot do it alone; sealed."""

    resident = models.ForeignKey(Resident, on_delete=models.CASCADE, related_name="represented")
    full_name = SealedField()
    relation = models.CharField(max_length=20)
    because = models.CharField(max_length=20)
    phone = SealedField(default="")
    may_act = models.BooleanField(default=True)
    may_receive = models.BooleanField(default=True)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"a representative of resident {self.resident_id}"


class Pin(models.Model):
    """Where somebody placed or met a resident: the history of his pin."""

    resident = models.ForeignKey(Resident, on_delete=models.CASCADE, related_name="pins")
    lat = models.FloatField()
    lon = models.FloatField()
    how = models.CharField(max_length=20)
    about = models.CharField(max_length=40, default="")  # the order that was handed over
    by = models.CharField(max_length=80, default="")
    at = models.DateTimeField()
    # Since when it no longer counts: the person moved, or somebody corrected the place.
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["resident", "how", "about"],
                condition=~models.Q(about=""),
                name="one_pin_a_hand_over",
            )
        ]

    def __str__(self) -> str:
        return f"a pin of resident {self.resident_id}"


class Merge(models.Model):
    """Two entries of one person became one; keeps what was moved, so that it can be undone."""

    kept = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="merges")
    gone = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=20)
    # Numbers of the rows that moved by table, and which fields the kept entry took over.
    moved = models.JSONField(default=dict)
    by = models.CharField(max_length=80)
    at = models.DateTimeField()
    undone_by = models.CharField(max_length=80, default="")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["gone"], condition=models.Q(undone_at=None), name="merged_once_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"resident {self.gone_id} merged into {self.kept_id}"


class LookAlike(models.Model):
    """An entry that may be the person who has died: somebody who knows judges it, once."""

    class Judged(models.TextChoices):
        """What somebody found out."""

        OPEN = ""
        SAME = "same"
        OTHER = "other"
        MOOT = "moot"  # nobody has died after all

    dead = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="look_alikes")
    alike = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="may_have_died")
    sign = models.CharField(max_length=20)  # of duplicates.SIGNS
    found_at = models.DateTimeField()
    judged = models.CharField(max_length=10, choices=Judged, default=Judged.OPEN, blank=True)
    judged_by = models.CharField(max_length=80, default="")
    judged_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dead", "alike"], name="one_look_alike_a_pair")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["alike"], name="look_alikes_to_judge", condition=models.Q(judged="")
            )
        ]

    def __str__(self) -> str:
        return f"resident {self.alike_id} may be resident {self.dead_id}"

    @property
    def is_strong(self) -> bool:
        """Whether letters and riders wait until it is judged."""
        return self.sign in STRONG


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


class Consent(models.Model):
    """What a person agreed to for one purpose, or took back; the newest row holds."""

    resident = models.ForeignKey(Resident, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=20)
    how = models.CharField(max_length=20, default="")
    given_at = models.DateTimeField(null=True)  # null: taken back without ever being written down
    given_by = models.CharField(max_length=80, default="")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.CharField(max_length=80, default="")
    stop_by = models.DateTimeField(null=True)  # by when processing has stopped

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["purpose", "withdrawn_at"], name="consents_withdrawn")
        ]

    def __str__(self) -> str:
        return f"{self.purpose} of resident {self.resident_id}"


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
