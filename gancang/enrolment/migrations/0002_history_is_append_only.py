"""Nobody wipes out how an application was decided."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("enrolment", "0001_initial"),
        ("audit", "0002_append_only_and_chained"),
    ]
    operations = [
        migrations.RunSQL(
            """
            CREATE TRIGGER enrolment_step_append_only
                BEFORE UPDATE OR DELETE ON enrolment_step
                FOR EACH ROW EXECUTE FUNCTION append_only();
            """,
            "DROP TRIGGER enrolment_step_append_only ON enrolment_step;",
        ),
    ]
