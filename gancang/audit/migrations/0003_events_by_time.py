"""Events of a day are found without reading all of them; appended only, a BRIN index stays tiny."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_append_only_and_chained")]
    operations = [
        migrations.AddIndex("event", BrinIndex(fields=["at"], name="audit_by_time")),
    ]
