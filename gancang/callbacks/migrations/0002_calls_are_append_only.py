"""What a receiver said on the telephone stays as it was written."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("callbacks", "0001_initial"),
        ("audit", "0002_append_only_and_chained"),
    ]
    operations = [
        migrations.RunSQL(
            """
            CREATE TRIGGER callbacks_ring_append_only BEFORE UPDATE OR DELETE ON callbacks_ring
                FOR EACH ROW EXECUTE FUNCTION append_only();
            """,
            "DROP TRIGGER callbacks_ring_append_only ON callbacks_ring;",
        )
    ]
