"""Classes of medicine as the law and the hospital's pharmacists see them, dated."""

from django.db import models

from gancang.regions.models import Region


class MedicineClass(models.Model):
    """What holds for one kind of medicine from a day on: may it travel, is it urgent, cold."""

    class Travels(models.TextChoices):
        """Whether it may be brought to a door."""

        YES = "yes"
        NO = "no"  # unless the responsible pharmacist says otherwise, with a reason
        NEVER = "never"  # nobody can say otherwise

    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    code = models.CharField(max_length=40)
    title = models.CharField(max_length=120)
    from_date = models.DateField()
    until_date = models.DateField(null=True)
    travels = models.CharField(max_length=5, choices=Travels)
    urgent = models.BooleanField()
    cold_minutes = models.PositiveSmallIntegerField(null=True)
    training_class = models.CharField(max_length=40, default="")
    names = models.JSONField(default=list)
    except_names = models.JSONField(default=list)
    rule = models.CharField(max_length=200)
    source = models.CharField(max_length=300)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["region", "code", "from_date"], name="one_medicine_class_a_code_and_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} from {self.from_date}"
