"""Shops: who asks to sell, by which papers, when they are open, what was decided about them."""

from typing import ClassVar

from django.db import models

from gancang.accounts.models import User
from gancang.regions.models import Organisation, Region, Village
from gancang.residents.models import Resident
from gancang.shops.rules import Result, State
from gancang.vault import SealedField


class Shop(models.Model):
    """A kitchen or a shop of the people. Approved, it is an organisation; its owner is sealed."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    organisation = models.OneToOneField(
        Organisation, on_delete=models.PROTECT, null=True, related_name="shop"
    )
    kind = models.CharField(max_length=20, choices=Organisation.Kind)  # a shop or a kitchen
    name = models.CharField(max_length=120)
    sells = models.CharField(max_length=200, default="")
    village = models.ForeignKey(Village, on_delete=models.PROTECT, null=True)
    address = models.CharField(max_length=200, default="")
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, null=True, related_name="+")
    owner_name = SealedField(default="")
    owner_phone = SealedField(default="")
    state = models.CharField(max_length=12, choices=[(each.value, each.value) for each in State])
    applied_at = models.DateTimeField()
    applied_by = models.CharField(max_length=80)  # "owner" where nobody helped
    due_on = models.DateField(null=True)  # by when what is lacking has to be brought
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=80, default="")
    why = models.CharField(max_length=200, default="")  # of a rejection
    # Who helps until the papers are there; the last day of it.
    assisted_by = models.CharField(max_length=80, default="")
    assisted_until = models.DateField(null=True)
    # What the owner's own buttons say.
    prepares_minutes = models.PositiveSmallIntegerField(default=20)
    opened_until = models.DateTimeField(null=True)
    closed_until = models.DateTimeField(null=True)
    busy_minutes = models.PositiveSmallIntegerField(default=0)
    busy_until = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["region", "state", "-id"], name="shops_by_state"),
        ]

    def __str__(self) -> str:
        return self.name


class Hours(models.Model):
    """From when until when a shop is open on a weekday; past midnight where it ends earlier."""

    shop = models.ForeignKey(Shop, on_delete=models.CASCADE, related_name="hours")
    weekday = models.PositiveSmallIntegerField()  # Monday is 0
    opens = models.TimeField()
    closes = models.TimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["shop", "weekday", "opens"], name="one_opening_a_time_of_day"
            ),
            models.CheckConstraint(condition=models.Q(weekday__lte=6), name="hours_of_a_weekday"),
        ]

    def __str__(self) -> str:
        return f"{self.weekday}: {self.opens:%H:%M}-{self.closes:%H:%M}"


class DaysOff(models.Model):
    """Days on which a shop stays closed, the first and the last included."""

    shop = models.ForeignKey(Shop, on_delete=models.CASCADE, related_name="days_off")
    first = models.DateField()
    last = models.DateField()
    why = models.CharField(max_length=80, default="")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(last__gte=models.F("first")), name="days_off_in_order"
            )
        ]

    def __str__(self) -> str:
        return f"{self.first} to {self.last}"


class ShopPaper(models.Model):
    """A paper that somebody showed: a licence, a certificate. The newest row of a kind counts."""

    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="papers")
    kind = models.CharField(max_length=40)  # a code of the region's pack
    number = SealedField(default="")
    issued_on = models.DateField(null=True)
    expires_on = models.DateField(null=True)
    photo = SealedField(default="")  # base64 of a JPEG without what the camera wrote in it
    told_at = models.DateTimeField()
    told_by = models.CharField(max_length=80)
    # Who of the regency compared it with the original or its register; null: nobody yet.
    seen_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    seen_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["shop", "kind", "-id"], name="papers_of_shop"),
            models.Index(fields=["kind", "expires_on"], name="papers_by_end"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} until {self.expires_on}"


class AssistanceStep(models.Model):
    """One step of the plan by which somebody helps a small shop to its papers."""

    shop = models.ForeignKey(Shop, on_delete=models.CASCADE, related_name="assistance")
    what = models.CharField(max_length=120)
    due_on = models.DateField()
    done_on = models.DateField(null=True)

    def __str__(self) -> str:
        return self.what


class Check(models.Model):
    """A visit that looked at hygiene: what came of it, when the next one is due."""

    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="checks")
    on = models.DateField()
    result = models.CharField(max_length=12, choices=[(each.value, each.value) for each in Result])
    words = models.CharField(max_length=400, default="")
    next_on = models.DateField(null=True)
    photo = SealedField(default="")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["shop", "-id"], name="checks_of_shop")]

    def __str__(self) -> str:
        return f"{self.on}: {self.result}"


class Suspension(models.Model):
    """A shop may not sell from a day on: why, until when, by whom; its appeal and its end."""

    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="suspensions")
    why = models.CharField(max_length=400)
    begun_at = models.DateTimeField()
    begun_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    until = models.DateField(null=True)  # last day; null: until somebody lifts it
    appealed_at = models.DateTimeField(null=True)
    appeal = models.CharField(max_length=400, default="")
    heard_at = models.DateTimeField(null=True)
    heard_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    answer = models.CharField(max_length=400, default="")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=80, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["shop"], condition=models.Q(ended_at=None), name="one_suspension_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"suspension of {self.shop_id}"


class Knock(models.Model):
    """An owner without help asks to join by telephone number; a code by letter proves it. Sealed.

    Gone after an hour.
    """

    region = models.ForeignKey(Region, on_delete=models.CASCADE)
    phone = SealedField()
    # Keyed digests: enough to count, nothing to look up.
    source = models.CharField(max_length=64)
    of_phone = models.CharField(max_length=64)
    code = models.CharField(max_length=64)
    at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["source", "at"], name="knocks_by_source"),
            models.Index(fields=["of_phone", "at"], name="knocks_by_phone"),
        ]

    def __str__(self) -> str:
        return f"knock at {self.at:%H:%M}"
