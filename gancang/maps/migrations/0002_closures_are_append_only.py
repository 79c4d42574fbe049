"""A closure of roads stays as it was written; what ends it is a row of its own."""

from django.db import migrations

TABLES = ["maps_roadclosure", "maps_roadopening"]


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_append_only_and_chained"), ("maps", "0001_initial")]
    operations = [
        migrations.RunSQL(
            f"""
            CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
                FOR EACH ROW EXECUTE FUNCTION append_only();
            """,
            f"DROP TRIGGER {table}_append_only ON {table};",
        )
        for table in TABLES
    ]
