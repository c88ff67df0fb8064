"""Boards count the items of each column and find those that come first from an index: of statuses in their order, of horizons at all."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("roadmap", "0039_waiting_by_index")]
    operations = [
        migrations.RemoveIndex(model_name="item", name="item_by_status"),
        migrations.AddIndex(
            model_name="item",
            index=models.Index(
                condition=models.Q(("deleted_at", None)),
                fields=["product", "status", "rank"],
                include=("id", "workspace", "effort"),
                name="item_by_status",
            ),
        ),
        migrations.AddIndex(
            model_name="item",
            index=models.Index(
                condition=models.Q(("deleted_at", None)),
                fields=["product", "horizon", "rank"],
                include=("id", "workspace", "status", "effort"),
                name="item_by_horizon",
            ),
        ),
    ]
