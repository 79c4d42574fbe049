"""Where the chain ended on each day; nobody changes it afterwards."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0003_events_by_time'),
    ]

    operations = [
        migrations.CreateModel(
            name='Seal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('region_code', models.CharField(max_length=20)),
                ('day', models.DateField()),
                ('number', models.BigIntegerField()),
                ('hash', models.CharField(max_length=64)),
                ('sealed_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('region_code', 'day'), name='one_seal_a_day')],
            },
        ),
        migrations.RunSQL(
            """
            CREATE TRIGGER audit_seal_append_only BEFORE UPDATE OR DELETE ON audit_seal
                FOR EACH ROW EXECUTE FUNCTION append_only();
            CREATE TRIGGER audit_seal_no_truncate BEFORE TRUNCATE ON audit_seal
                FOR EACH STATEMENT EXECUTE FUNCTION append_only();
            """,
            "DROP TRIGGER audit_seal_append_only ON audit_seal;"
            "DROP TRIGGER audit_seal_no_truncate ON audit_seal;",
        ),
    ]
