from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("roadmap", "0038_finding_what_moved"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="item",
            index=models.Index(
                condition=models.Q(("deleted_at", None), ("starts_on", None)),
                fields=["product", "rank"],
                include=("id", "workspace", "status"),
                name="item_without_days",
            ),
        ),
    ]
