"""What a pharmacy decided of a supply that ends."""

from django.db import models

from gancang.accounts.models import User
from gancang.orders.models import Order


class Dropped(models.Model):
    """A delivery after which no further one is wanted, with the reason. Append-only."""

    order = models.OneToOneField(Order, on_delete=models.PROTECT, related_name="no_repeat")
    by = models.ForeignKey(User, on_delete=models.PROTECT)
    at = models.DateTimeField()
    reason = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"no repeat after {self.order_id}"
