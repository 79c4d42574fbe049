"""That an order was late is not forgotten."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("incidents", "0003_alarms")]
    operations = [
        migrations.RunSQL(
            """
            CREATE TRIGGER incidents_lateness_kept BEFORE DELETE ON incidents_lateness
                FOR EACH ROW EXECUTE FUNCTION append_only();
            """,
            "DROP TRIGGER incidents_lateness_kept ON incidents_lateness;",
        )
    ]
