"""Pins that were there before their grade was kept had been typed at a counter."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("residents", "0003_people_in_full")]
    operations = [
        migrations.RunSQL(
            "UPDATE residents_resident SET pin_grade = 'clerk' WHERE lat IS NOT NULL",
            migrations.RunSQL.noop,
        ),
    ]
