"""Indexes of the versions of items: what stood in a release, or in none, on a day, and what was under other items then.

Expressions are as changes/past.py composes them. Without these, a past board and the progress of a past timeline read every version there is.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("roadmap", "0036_finding_what_was")]
    operations = [
        migrations.RunSQL(
            "CREATE INDEX version_of_release_then ON changes_version"
            " USING gist (product_id, ((state ->> 'release_id')::bigint), valid) WHERE noun = 'roadmap_item'",
            "DROP INDEX version_of_release_then",
        ),
        migrations.RunSQL(
            "CREATE INDEX version_of_child_then ON changes_version USING gist (((state ->> 'parent_id')::bigint), valid)"
            " WHERE noun = 'roadmap_item' AND (state ->> 'parent_id') IS NOT NULL",
            "DROP INDEX version_of_child_then",
        ),
    ]
