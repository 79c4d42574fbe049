"""Nobody wipes out that he read somebody's data."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("residents", "0001_initial"),
        ("audit", "0002_append_only_and_chained"),
    ]
    operations = [
        migrations.RunSQL(
            """
            CREATE TRIGGER residents_reading_append_only
                BEFORE UPDATE OR DELETE ON residents_reading
                FOR EACH ROW EXECUTE FUNCTION append_only();
            """,
            "DROP TRIGGER residents_reading_append_only ON residents_reading;",
        ),
    ]
