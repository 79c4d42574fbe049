"""By which proof goods were handed over stays as it was written."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("parcels", "0001_initial"),
        ("audit", "0002_append_only_and_chained"),
    ]
    operations = [
        migrations.RunSQL(
            """
            CREATE TRIGGER parcels_shown_append_only BEFORE UPDATE OR DELETE ON parcels_shown
                FOR EACH ROW EXECUTE FUNCTION append_only();
            """,
            "DROP TRIGGER parcels_shown_append_only ON parcels_shown;",
        )
    ]
