# A composite primary key can't be altered; these rows are derived, and derived again by the next rollup.

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("usage", "0002_event_partitions")]
    operations = [
        migrations.DeleteModel(name="Adoption"),
        migrations.CreateModel(
            name="Adoption",
            fields=[
                ("scope", models.IntegerField()),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "product_id",
                        "scope",
                        "kind",
                        "period",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("kind", models.SmallIntegerField(choices=[(0, "Users"), (1, "Accounts")])),
                (
                    "period",
                    models.SmallIntegerField(choices=[(0, "The last 28 complete days"), (1, "Since the release")]),
                ),
                ("since", models.DateField()),
                ("through", models.DateField()),
                ("eligible", models.IntegerField()),
                ("tried", models.IntegerField()),
                ("adopted", models.IntegerField()),
                (
                    "product",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="products.product",
                    ),
                ),
            ],
            options={"abstract": False},
        ),
    ]
