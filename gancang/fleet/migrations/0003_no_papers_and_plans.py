from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('fleet', '0002_equipment_papers_and_plans'),
    ]

    operations = [
        migrations.RemoveField(model_name='shift', name='break_from'),
        migrations.RemoveField(model_name='shift', name='break_until'),
        migrations.DeleteModel(name='Document'),
        migrations.DeleteModel(name='Duty'),
    ]
