"""An incident can be closed and not deleted; what was noted about it stays as it was written."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0001_initial"),
        ("audit", "0002_append_only_and_chained"),
    ]
    operations = [
        migrations.RunSQL(
            f"""
            CREATE TRIGGER {table}_kept BEFORE {deeds} ON {table}
                FOR EACH ROW EXECUTE FUNCTION append_only();
            """,
            f"DROP TRIGGER {table}_kept ON {table};",
        )
        for table, deeds in (
            ("incidents_incident", "DELETE"),
            ("incidents_calldue", "DELETE"),
            ("incidents_entry", "UPDATE OR DELETE"),
        )
    ]
