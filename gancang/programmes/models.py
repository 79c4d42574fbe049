"""A programme in its versions. Each order keeps the version under which it was decided."""

from django.db import models

from gancang.regions.models import Region


class Programme(models.Model):
    """One version of a programme. `terms` is what the pack says, checked."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    code = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    name = models.CharField(max_length=120)
    terms = models.JSONField()
    told = models.JSONField(default=dict)  # its file's own keys; {}: loaded before they were kept

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["region", "code", "version"], name="one_programme_a_version"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} v{self.version}"
