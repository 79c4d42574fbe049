"""What proved a case stays as it was written."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("fulfilment", "0001_initial"),
        ("audit", "0002_append_only_and_chained"),
    ]
    operations = [
        migrations.RunSQL(
            """
            CREATE TRIGGER fulfilment_caseproof_append_only
                BEFORE UPDATE OR DELETE ON fulfilment_caseproof
                FOR EACH ROW EXECUTE FUNCTION append_only();
            """,
            "DROP TRIGGER fulfilment_caseproof_append_only ON fulfilment_caseproof;",
        )
    ]
