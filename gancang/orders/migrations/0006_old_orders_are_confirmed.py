"""Orders that were opened before confirmations were asked for came from a counter."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("orders", "0005_shared_facts")]
    operations = [
        migrations.RunSQL(
            "UPDATE orders_order SET confirmed_at = placed_at, confirmed_how = 'counter'",
            migrations.RunSQL.noop,
        )
    ]
