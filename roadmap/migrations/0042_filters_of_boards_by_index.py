"""What filters and lists ask of the items in releases, in the index that boards count from: neither reads whole items any more."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("roadmap", "0041_walking_the_statuses")]
    operations = [
        migrations.RemoveIndex(model_name="item", name="item_by_release"),
        migrations.AddIndex(
            model_name="item",
            index=models.Index(
                condition=models.Q(("deleted_at", None)),
                fields=["product", "release", "rank"],
                include=(
                    "id",
                    "workspace",
                    "status",
                    "effort",
                    "starts_on",
                    "ends_on",
                    "reach",
                    "impact",
                    "confidence",
                    "score",
                    "horizon",
                    "lead",
                    "objective",
                ),
                name="item_by_release",
            ),
        ),
    ]
