import django.db.models.deletion
from django.db import migrations, models

import accounts.constraints


class Migration(migrations.Migration):
    dependencies = [("roadmap", "0027_ready_made_item_types")]

    operations = [
        migrations.AlterField(
            model_name="item",
            name="type",
            field=models.CharField(blank=True, max_length=24, verbose_name="type"),
        ),
        migrations.AlterField(
            model_name="itemtemplate",
            name="type",
            field=models.CharField(max_length=24, verbose_name="type"),
        ),
        migrations.AddField(
            model_name="item",
            name="its_type",
            field=models.ForeignObject(
                from_fields=["workspace", "type"],
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="items",
                to="roadmap.itemtype",
                to_fields=["workspace", "key"],
            ),
        ),
        migrations.AddField(
            model_name="itemtemplate",
            name="its_type",
            field=models.ForeignObject(
                from_fields=["workspace", "type"],
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="templates",
                to="roadmap.itemtype",
                to_fields=["workspace", "key"],
            ),
        ),
        migrations.AddConstraint(
            model_name="item",
            constraint=accounts.constraints.SameWorkspace(
                field="type", name="item_type_same_workspace", target="roadmap_itemtype", to="key"
            ),
        ),
    ]
