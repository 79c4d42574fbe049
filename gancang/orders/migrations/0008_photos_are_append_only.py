"""A photo of a hand-over stays as it was taken."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("orders", "0007_proof_in_full")]
    operations = [
        migrations.RunSQL(
            """
            CREATE TRIGGER orders_proofphoto_append_only BEFORE UPDATE OR DELETE
                ON orders_proofphoto FOR EACH ROW EXECUTE FUNCTION append_only();
            """,
            "DROP TRIGGER orders_proofphoto_append_only ON orders_proofphoto;",
        )
    ]
