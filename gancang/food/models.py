"""What a buyer orders from a kitchen or shop, until a rider has it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from gancang.food import rules
from gancang.orders.models import Order
from gancang.regions.models import Organisation, Region, Village
from gancang.vault import BlindIndexField, SealedField


class FoodOrder(models.Model):
    """A basket that somebody ordered, at the prices that he was shown."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    seller = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="food_orders")
    code = models.CharField(max_length=20, unique=True)
    key = models.CharField(max_length=40)  # of the form: a double tap is one order
    state = models.CharField(
        max_length=12, choices=list(rules.STATES.items()), default=rules.UNCONFIRMED
    )
    name = models.CharField(max_length=120)
    phone = SealedField()
    phone_index = BlindIndexField(of="phone", index="food.phone", db_index=True)
    village = models.ForeignKey(Village, on_delete=models.PROTECT)
    address = SealedField()
    landmark = SealedField(default="")
    note = models.CharField(max_length=200, default="")  # for the kitchen
    lines = models.JSONField()  # menus.rules.Line, as it was priced
    left_out = models.JSONField(default=list)  # places of lines that the kitchen does not have
    goods_rp = models.PositiveBigIntegerField()
    fare_rp = models.PositiveBigIntegerField()
    pays_by = models.CharField(
        max_length=6, choices=list(rules.PAYS_BY.items()), default=rules.CASH
    )
    minutes = models.PositiveSmallIntegerField(null=True)  # in so many the kitchen has it ready
    pay_by = models.DateTimeField(null=True)  # of what is paid before it is cooked
    paid_at = models.DateTimeField(null=True)
    asked_back_at = models.DateTimeField(null=True)  # paid for nothing: the operators' list has it
    confirm_code = SealedField()
    wrong_codes = models.PositiveSmallIntegerField(default=0)
    placed_at = models.DateTimeField()
    promise_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True)  # it rings from then on
    rung_again_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    ready_by = models.DateTimeField(null=True)
    ready_at = models.DateTimeField(null=True)
    free_until = models.DateTimeField(null=True)  # something is missing: the buyer may go
    reason = models.CharField(max_length=20, default="")
    delivery = models.OneToOneField(
        Order, on_delete=models.PROTECT, null=True, related_name="food_order"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["seller", "key"], name="a_double_tap_is_one_order")
        ]
        indexes: ClassVar = [
            models.Index(fields=["seller", "state", "-id"], name="food_orders_of_seller"),
            models.Index(fields=["region", "-id"], name="food_orders_of_region"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def total_rp(self) -> int:
        """All that the buyer pays."""
        return self.goods_rp + self.fare_rp

    @property
    def at_door_rp(self) -> int:
        """What the rider collects: the goods too, unless they are paid by QRIS."""
        return self.fare_rp if self.pays_by == rules.QRIS else self.total_rp
