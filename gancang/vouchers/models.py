"""What each holder may spend in a cycle, and what was taken of it."""

from django.db import models

from gancang.accounts.models import User
from gancang.programmes.models import Programme
from gancang.regions.models import Organisation, Region
from gancang.residents.models import Resident
from gancang.vouchers import rules


class Voucher(models.Model):
    """One person's balance of one cycle. Its code names it in the book and opens nothing."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    code = models.CharField(max_length=20, unique=True)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT)
    programme_code = models.CharField(max_length=40)
    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="vouchers")
    cycle = models.CharField(max_length=10)
    count = models.PositiveIntegerField()
    spent = models.PositiveIntegerField(default=0)
    unit = models.CharField(max_length=30, default="")  # "": rupiah
    unit_rp = models.PositiveIntegerField(default=1)
    first = models.DateField()
    last = models.DateField()
    state = models.CharField(
        max_length=10, choices=list(rules.STATES.items()), default=rules.ISSUED
    )
    issued_by = models.CharField(max_length=80)
    issued_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["resident", "programme_code", "cycle"], name="one_voucher_a_cycle"
            ),
            models.CheckConstraint(
                condition=models.Q(spent__lte=models.F("count")), name="no_more_than_the_balance"
            ),
        ]
        indexes = [
            models.Index(
                fields=["region", "programme_code", "cycle", "id"], name="vouchers_of_cycle"
            ),
            models.Index(
                fields=["region", "last"],
                name="vouchers_to_lapse",
                condition=models.Q(state=rules.ISSUED),
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def left(self) -> int:
        """What may still be taken."""
        return self.count - self.spent if self.state == rules.ISSUED else 0


class Redemption(models.Model):
    """What a shop took of a voucher: a line of its statement, by its own code in the book."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    code = models.CharField(max_length=20, unique=True)
    voucher = models.ForeignKey(Voucher, on_delete=models.PROTECT, related_name="redemptions")
    shop = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    count = models.PositiveIntegerField()
    amount_rp = models.PositiveIntegerField()
    factor = models.CharField(max_length=10, choices=list(rules.FACTORS.items()))
    at = models.DateTimeField()
    said_at = models.DateTimeField()  # by the phone that had no network; else the same
    state = models.CharField(
        max_length=10, choices=list(rules.REDEEMED.items()), default=rules.TAKEN
    )
    # The phone's own name of the deed: the same one twice is the same redemption.
    key = models.CharField(max_length=80, unique=True)
    given_back_at = models.DateTimeField(null=True)
    given_back_by = models.CharField(max_length=80, default="")
    why = models.CharField(max_length=200, default="")

    class Meta:
        indexes = [models.Index(fields=["shop", "-id"], name="redemptions_of_shop")]

    def __str__(self) -> str:
        return self.code


class WrongBirth(models.Model):
    """A date of birth that did not fit a card. Five a day, and a person decides."""

    voucher = models.ForeignKey(Voucher, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["voucher", "day"], name="wrong_births_by_day")]

    def __str__(self) -> str:
        return f"wrong date of {self.voucher_id}"
