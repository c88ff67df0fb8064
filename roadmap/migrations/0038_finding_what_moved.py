"""Indexes for comparisons: which versions put an item into another release (as roadmap/time_machine/scopes.py asks), and the versions of a
row by when they began; and the items that stand on a timeline, by their days."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("roadmap", "0037_finding_scopes_and_children_then")]
    operations = [
        migrations.RunSQL(
            "CREATE INDEX version_that_moved ON changes_version (product_id, lower(valid), row_id) WHERE noun = 'roadmap_item'"
            " AND (columns && '{release_id,deleted_at}'::varchar[] OR operation <> 'U')",
            "DROP INDEX version_that_moved",
        ),
        migrations.RunSQL(
            "CREATE INDEX version_of_row_since ON changes_version (noun, row_id, lower(valid))"
            " WHERE noun IN ('roadmap_item', 'roadmap_release', 'roadmap_milestone')",
            "DROP INDEX version_of_row_since",
        ),
        migrations.AddIndex(
            model_name="item",
            index=models.Index(
                condition=models.Q(("deleted_at", None), ("starts_on__isnull", False)),
                fields=["product", "ends_on"],
                name="item_by_end",
            ),
        ),
    ]
