"""What patients paid, what was handed in of it, and what is still missing."""

from django.db import models

from gancang.accounts.models import User
from gancang.orders.models import Order
from gancang.regions.models import Organisation, Region
from gancang.vault import SealedField


class Payment(models.Model):
    """A patient paid for an order at the door. Append-only, but for what handed it in."""

    class How(models.TextChoices):
        """In which way."""

        CASH = "cash"
        QRIS = "qris"

    order = models.OneToOneField(Order, on_delete=models.PROTECT)
    fleet = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    taken_by = models.ForeignKey(User, on_delete=models.PROTECT)
    amount_rp = models.PositiveBigIntegerField()
    goods_rp = models.PositiveBigIntegerField(default=0)  # of it, for the seller of the goods
    how = models.CharField(max_length=4, choices=How)
    reference = models.CharField(max_length=40, default="")  # of the bank, for QRIS
    # The number on the block of paper receipts, where the system was down.
    paper_number = models.CharField(max_length=20, default="")
    at = models.DateTimeField()
    deposit = models.ForeignKey("Deposit", on_delete=models.PROTECT, null=True)
    # Why it is owed back although the order came, e.g. what somebody decided about a complaint.
    owed_back = models.CharField(max_length=200, default="")
    owed_back_rp = models.PositiveBigIntegerField(null=True)  # null: all of it

    class Meta:
        indexes = [
            models.Index(
                fields=["taken_by"],
                name="cash_not_handed_in",
                condition=models.Q(how="cash", deposit__isnull=True),
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["fleet", "paper_number"],
                name="one_payment_a_paper_receipt",
                condition=~models.Q(paper_number=""),
            )
        ]

    def __str__(self) -> str:
        return self.receipt

    @property
    def receipt(self) -> str:
        """The number on the patient's receipt."""
        return f"B-{self.pk:06}"


class Deposit(models.Model):
    """A rider handed in all the cash that he had, or should have had. Append-only."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    rider = models.ForeignKey(User, on_delete=models.PROTECT, related_name="deposits")
    fleet = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    till = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    expected_rp = models.PositiveBigIntegerField()
    counted_rp = models.PositiveBigIntegerField()
    note = models.CharField(max_length=200, default="")
    cashier = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["rider", "-id"], name="deposits_of_rider")]

    def __str__(self) -> str:
        return self.receipt

    @property
    def receipt(self) -> str:
        """The number on the rider's receipt."""
        return f"S-{self.pk:06}"

    @property
    def missing_rp(self) -> int:
        """What he should have had and did not."""
        return self.expected_rp - self.counted_rp


class Shortfall(models.Model):
    """What was missing when a rider handed his cash in, until all of it came in."""

    deposit = models.OneToOneField(Deposit, on_delete=models.PROTECT)
    amount_rp = models.PositiveBigIntegerField()
    repaid_rp = models.PositiveBigIntegerField(default=0)
    written_off_rp = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    amount_rp__gte=models.F("repaid_rp") + models.F("written_off_rp")
                ),
                name="nobody_repays_more_than_was_missing",
            )
        ]

    def __str__(self) -> str:
        return f"shortfall of deposit {self.deposit_id}"

    @property
    def left_rp(self) -> int:
        """What is still missing."""
        return self.amount_rp - self.repaid_rp - self.written_off_rp


class FollowUp(models.Model):
    """What was done about a shortfall: a talk, or money that came in. Append-only."""

    shortfall = models.ForeignKey(Shortfall, on_delete=models.PROTECT, related_name="follow_ups")
    repaid_rp = models.PositiveBigIntegerField(default=0)
    note = models.CharField(max_length=200)
    by = models.ForeignKey(User, on_delete=models.PROTECT)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"follow-up of shortfall {self.shortfall_id}"


class WriteOff(models.Model):
    """A treasurer asks that what is missing is owed no more; a second person decides, once."""

    shortfall = models.ForeignKey(Shortfall, on_delete=models.PROTECT, related_name="write_offs")
    amount_rp = models.PositiveBigIntegerField()
    reason = models.CharField(max_length=200)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    is_approved = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shortfall"],
                name="one_open_write_off",
                condition=models.Q(decided_at=None),
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by=None) | ~models.Q(decided_by=models.F("asked_by")),
                name="two_people_write_off",
            ),
        ]

    def __str__(self) -> str:
        return f"write-off of shortfall {self.shortfall_id}"


class PassedOn(models.Model):
    """A till gave a fleet all the cash that riders had handed in there for it. Append-only."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    till = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    fleet = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    amount_rp = models.PositiveBigIntegerField()
    reference = models.CharField(max_length=40)  # of the transfer, or of the paper that was signed
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["region", "-id"], name="passed_on_of_region")]

    def __str__(self) -> str:
        return self.receipt

    @property
    def receipt(self) -> str:
        """The number on the fleet's receipt."""
        return f"T-{self.pk:06}"


class Brought(models.Model):
    """A till brought the treasury what buyers paid a fleet's riders for goods. Append-only."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    till = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    fleet = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    amount_rp = models.PositiveBigIntegerField()
    reference = models.CharField(max_length=40)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["region", "-id"], name="brought_of_region")]

    def __str__(self) -> str:
        return self.receipt

    @property
    def receipt(self) -> str:
        """The number on the till's receipt."""
        return f"U-{self.pk:06}"


class Refund(models.Model):
    """What is owed back for an order that never came: one releases it, another pays it out."""

    payment = models.OneToOneField(Payment, on_delete=models.PROTECT)
    amount_rp = models.PositiveBigIntegerField()
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField()
    till = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    paid_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    paid_at = models.DateTimeField(null=True)
    received_by = SealedField(default="")  # who came for it

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(paid_by=None) | ~models.Q(paid_by=models.F("approved_by")),
                name="two_people_pay_back",
            )
        ]

    def __str__(self) -> str:
        return self.receipt

    @property
    def receipt(self) -> str:
        """The number on the patient's receipt."""
        return f"K-{self.pk:06}"


class BankLine(models.Model):
    """A QRIS payment as the bank of a fleet tells it, and the patient's payment that it is."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    fleet = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reference = models.CharField(max_length=40)
    amount_rp = models.PositiveBigIntegerField()
    payment = models.OneToOneField(Payment, on_delete=models.PROTECT, null=True)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["fleet", "reference", "at", "amount_rp"], name="one_line_of_a_bank"
            )
        ]
        indexes = [
            models.Index(
                fields=["region", "-id"],
                name="bank_lines_unmatched",
                condition=models.Q(payment=None),
            )
        ]

    def __str__(self) -> str:
        return self.reference
