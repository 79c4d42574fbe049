from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('servings', '0004_levels'),
    ]

    operations = [
        migrations.AddField(
            model_name='welfare',
            name='told_at',
            field=models.DateTimeField(null=True),
        ),
    ]
