"""Which items ever were in a release is asked of their history: versions of items by the release that they name."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("roadmap", "0029_release_scope"), ("changes", "0004_feed_by_change")]
    operations = [
        migrations.RunSQL(
            "CREATE INDEX version_of_release ON changes_version (((state ->> 'release_id')::bigint), row_id)"
            " WHERE noun = 'roadmap_item' AND state ->> 'release_id' IS NOT NULL",
            "DROP INDEX version_of_release",
        )
    ]
