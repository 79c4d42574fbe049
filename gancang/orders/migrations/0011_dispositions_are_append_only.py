"""What a pharmacist decided about a bag stays as it was written."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("orders", "0010_failures")]
    operations = [
        migrations.RunSQL(
            """
            CREATE TRIGGER orders_disposition_append_only BEFORE UPDATE OR DELETE
                ON orders_disposition FOR EACH ROW EXECUTE FUNCTION append_only();
            """,
            "DROP TRIGGER orders_disposition_append_only ON orders_disposition;",
        )
    ]
