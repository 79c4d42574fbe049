"""Cases of visit, ride and transfer, the plans they come from, and what proved them."""

from django.db import models

from gancang.accounts.models import User
from gancang.enrolment.models import Enrolment
from gancang.fulfilment import rules
from gancang.programmes.models import Programme
from gancang.regions.models import Organisation, Region
from gancang.residents.models import Resident
from gancang.vault import SealedField


class CarePlan(models.Model):
    """On which days something is done again and again, from a first to a last day."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT)
    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, null=True)
    performer = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    first = models.DateField()
    last = models.DateField()
    weekdays = models.JSONField(default=list)  # 0 is Monday; empty: every so many days
    every_days = models.PositiveSmallIntegerField(null=True)
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"plan {self.pk}"


class BankList(models.Model):
    """Transfers that went to the bank together."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    programme_code = models.CharField(max_length=40)
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"bank list {self.pk}"


class Case(models.Model):
    """One visit, ride or transfer, under the programme version that decided it."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    code = models.CharField(max_length=20, unique=True)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT)
    plan = models.ForeignKey(CarePlan, on_delete=models.PROTECT, null=True)
    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, null=True)
    # By which he is in, with version and rule; null: decided for this case alone.
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, null=True)
    kind = models.CharField(max_length=10, choices=list(rules.KINDS.items()))
    item = models.CharField(max_length=60)
    quantity = models.PositiveIntegerField(default=1)  # of a ride its seats
    performer = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="cases")
    worker = models.ForeignKey(User, on_delete=models.PROTECT, null=True)
    day = models.DateField()
    at = models.TimeField(null=True)  # by the region's clock; null: at any hour of the day
    leg = models.CharField(max_length=5, choices=list(rules.LEGS.items()), default="")
    pickup = models.CharField(max_length=200, default="")
    dropoff = models.CharField(max_length=200, default="")
    account = SealedField(default="")  # of the bank, where money is paid

    state = models.CharField(
        max_length=10, choices=list(rules.STATES.items()), default=rules.PLANNED
    )
    version = models.PositiveIntegerField(default=1)
    reason = models.CharField(max_length=200, default="")  # why it was missed or cancelled
    clause = models.CharField(max_length=60)
    price_rp = models.PositiveBigIntegerField()
    bank_list = models.ForeignKey(BankList, on_delete=models.PROTECT, null=True)
    planned_by = models.CharField(max_length=80)
    planned_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["region", "day", "id"], name="cases_by_day"),
            models.Index(fields=["performer", "day", "id"], name="cases_of_performer"),
            models.Index(fields=["resident", "programme"], name="cases_of_resident"),
        ]

    def __str__(self) -> str:
        return self.code


class CaseProof(models.Model):
    """What proved a case, or a part of it. Append-only."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="proofs")
    level = models.CharField(max_length=20)
    note = SealedField(default="")
    people = models.PositiveSmallIntegerField(null=True)
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    reference = models.CharField(max_length=60, default="")  # of the bank
    signature = SealedField(default="")
    witness = SealedField(default="")
    by = models.ForeignKey(User, on_delete=models.PROTECT)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "level"], name="one_proof_a_case_and_level")
        ]

    def __str__(self) -> str:
        return f"{self.level} {self.case_id}"
