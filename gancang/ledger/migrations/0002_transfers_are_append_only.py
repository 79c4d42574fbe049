"""The book is written forward only."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0001_initial"),
        ("audit", "0002_append_only_and_chained"),
    ]
    operations = [
        migrations.RunSQL(
            """
            CREATE TRIGGER ledger_transfer_append_only BEFORE UPDATE OR DELETE ON ledger_transfer
                FOR EACH ROW EXECUTE FUNCTION append_only();
            CREATE TRIGGER ledger_transfer_no_truncate BEFORE TRUNCATE ON ledger_transfer
                FOR EACH STATEMENT EXECUTE FUNCTION append_only();
            """,
            """
            DROP TRIGGER ledger_transfer_append_only ON ledger_transfer;
            DROP TRIGGER ledger_transfer_no_truncate ON ledger_transfer;
            """,
        ),
    ]
