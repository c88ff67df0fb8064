"""Indexes of the versions for roadmaps of a past day: what was scheduled then, and what changed since.

Conditions of the first are as changes/past.py composes them: a day that is compared is there.
"""

from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("roadmap", "0035_subscriptions_of_links"), ("changes", "0005_reasons")]
    operations = [
        BtreeGistExtension(),
        migrations.RunSQL(
            "CREATE INDEX version_of_item_then ON changes_version USING gist (product_id, valid)"
            " WHERE noun = 'roadmap_item' AND (state ->> 'starts_on') IS NOT NULL",
            "DROP INDEX version_of_item_then",
        ),
        migrations.RunSQL(
            "CREATE INDEX version_of_product_since ON changes_version (product_id, lower(valid))"
            " WHERE noun IN ('roadmap_item', 'roadmap_release', 'roadmap_milestone')",
            "DROP INDEX version_of_product_since",
        ),
    ]
