"""What gateways told stays as it was told, and so does what people did about it."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("qris", "0001_initial"),
        ("audit", "0002_append_only_and_chained"),
    ]
    operations = [
        migrations.RunSQL(
            f"""
            CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE
                ON {table} FOR EACH ROW EXECUTE FUNCTION append_only();
            """,
            f"DROP TRIGGER {table}_append_only ON {table};",
        )
        for table in ("qris_notice", "qris_mismatchnote", "qris_payout")
    ]
