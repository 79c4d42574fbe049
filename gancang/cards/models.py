"""Cards, and wrong codes that somebody typed."""

from django.db import models

from gancang.accounts.models import User
from gancang.cards.rules import ENDS
from gancang.regions.models import Region
from gancang.residents.models import Resident
from gancang.vault import BlindIndexField, SealedField


class Card(models.Model):
    """What a person shows instead of a telephone. Its code stands nowhere in the clear."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="cards")
    secret = SealedField()
    secret_index = BlindIndexField(of="secret", index="cards.secret", unique=True)
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=80, default="")
    why = models.CharField(max_length=10, choices=list(ENDS.items()), default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["resident"],
                condition=models.Q(ended_at=None),
                name="one_card_a_person",
            )
        ]

    def __str__(self) -> str:
        return f"card {self.pk}"


class WrongCode(models.Model):
    """Somebody typed a code that no card has. Counted, so that nobody tries them all."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["user", "at"], name="wrong_codes_by_user")]

    def __str__(self) -> str:
        return f"wrong code of {self.user_id}"
