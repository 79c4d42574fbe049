"""Applications and enrolments, each with its history."""

from typing import ClassVar

from django.db import models

from gancang.enrolment.rules import STATES, State
from gancang.programmes.models import Programme
from gancang.regions.models import Organisation, Region, Village
from gancang.residents.models import Resident
from gancang.vault import SealedField


class Enrolment(models.Model):
    """One person's way into one programme and out of it again.

    `programme` is the version by which it was last decided. Proofs are health data: sealed.
    """

    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    code = models.CharField(max_length=20, unique=True)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT)
    programme_code = models.CharField(max_length=40)
    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="enrolments")
    village = models.ForeignKey(Village, on_delete=models.PROTECT)
    # The office or hospital at whose desk it began; null: the regency's own.
    unit = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True)
    state = models.CharField(max_length=12, choices=list(STATES.items()))
    applied_by = models.CharField(max_length=80)
    applied_at = models.DateTimeField()
    documents = models.JSONField(default=list)  # papers that somebody saw
    lacks = models.JSONField(default=list)  # kind, name, day of what it still needs
    due_on = models.DateField(null=True)  # by when that has to be brought
    verified_at = models.DateTimeField(null=True)
    referral = models.CharField(max_length=120, default="")  # to which other help
    flags = models.JSONField(default=list)  # other aid: its code, whose, no name
    clause = models.CharField(max_length=40, default="")
    proofs = SealedField(default="")  # JSON: the facts that decided, with source and day
    check_by = models.DateField(null=True)  # until when they hold
    why = models.CharField(max_length=40, default="")  # of a refusal, an end, a pause
    appeal_until = models.DateField(null=True)
    overridden_by = models.CharField(max_length=80, default="")
    starts_on = models.DateField(null=True)  # served from then on; null: since it was enrolled
    ends_on = models.DateField(null=True)  # last day of an override
    decided_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["resident", "programme_code"],
                condition=~models.Q(state__in=[State.REFUSED, State.ENDED]),
                name="one_open_enrolment_a_programme",
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["region", "programme_code", "state", "id"], name="enrolments_by_state"
            ),
            models.Index(
                fields=["region", "check_by"],
                name="enrolments_to_recheck",
                condition=models.Q(state=State.ENROLLED),
            ),
            models.Index(
                fields=["region", "state", "village"],
                name="enrolments_to_do",
                condition=models.Q(state__in=[State.FLAGGED, State.APPEALED, State.TO_VERIFY]),
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Step(models.Model):
    """What happened with an application: by whom, into which state, on what. Append-only."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="steps")
    deed = models.CharField(max_length=20)
    state = models.CharField(max_length=12, choices=list(STATES.items()))
    at = models.DateTimeField()
    by = models.CharField(max_length=80)
    note = SealedField(default="")  # in somebody's words
    why = models.CharField(max_length=40, default="")
    clause = models.CharField(max_length=40, default="")
    proofs = SealedField(default="")
    programme_version = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.deed} of enrolment {self.enrolment_id}"


class NeedReport(models.Model):
    """Somebody says that a neighbour is in need; sealed. A unit answers within hours."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    village = models.ForeignKey(Village, on_delete=models.PROTECT)
    unit = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True)
    words = SealedField()  # who, where, what is lacking
    phone = SealedField(default="")  # of who reports, if he wants to be rung
    by = models.CharField(max_length=80, default="")  # a clerk's log-in name; "": the public page
    # A keyed digest of the address that it came from: enough to count, nothing to look up.
    source = models.CharField(max_length=64, default="")
    at = models.DateTimeField()
    due_at = models.DateTimeField()
    escalated_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=80, default="")
    outcome = models.CharField(max_length=20, default="")
    answer = SealedField(default="")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["source", "at"], name="needs_by_source"),
            models.Index(
                fields=["region", "due_at"],
                name="needs_to_answer",
                condition=models.Q(answered_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"need report {self.pk}"


class ListImport(models.Model):
    """A list of people that was taken in whole; its rows are people now, the file is not kept."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    digest = models.CharField(max_length=64)
    programme_code = models.CharField(max_length=40, default="")  # for which people applied
    source = models.CharField(max_length=80)
    as_of = models.DateField()
    by = models.CharField(max_length=80)
    at = models.DateTimeField()
    counts = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["region", "digest", "programme_code"], name="one_import_a_list"
            )
        ]

    def __str__(self) -> str:
        return f"list of {self.source}"
