import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import accounts.constraints

#: What history says of the rows goes along with them.
RENAME_HISTORY = """
UPDATE changes_version SET noun = 'roadmap_itemlink',
    columns = array_replace(columns, 'needs_id', 'other_id'),
    state = (state - 'needs_id') || jsonb_build_object('other_id', state -> 'needs_id', 'kind', 'needs')
WHERE noun = 'roadmap_dependency'
"""
NAME_IT_BACK = """
UPDATE changes_version SET noun = 'roadmap_dependency',
    columns = array_replace(columns, 'other_id', 'needs_id'),
    state = (state - 'other_id' - 'kind') || jsonb_build_object('needs_id', state -> 'other_id')
WHERE noun = 'roadmap_itemlink'
"""


class Migration(migrations.Migration):
    """Dependencies become links, of which needing another item is one kind."""

    dependencies = [
        ("roadmap", "0006_requirements"),
        ("changes", "0004_feed_by_change"),
        ("products", "0003_target_sentence"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(model_name="dependency", name="stamp"),
        pgtrigger.migrations.RemoveTrigger(model_name="dependency", name="record"),
        migrations.RemoveConstraint(model_name="dependency", name="dependency_once"),
        migrations.RemoveConstraint(model_name="dependency", name="nothing_needs_itself"),
        migrations.RemoveConstraint(model_name="dependency", name="dependency_product_same_workspace"),
        migrations.RemoveConstraint(model_name="dependency", name="dependency_item_same_workspace"),
        migrations.RemoveConstraint(model_name="dependency", name="dependency_needs_same_workspace"),
        migrations.RenameModel(old_name="Dependency", new_name="ItemLink"),
        migrations.RenameField(model_name="itemlink", old_name="needs", new_name="other"),
        migrations.RunSQL(RENAME_HISTORY, NAME_IT_BACK),
        migrations.AddField(
            model_name="itemlink",
            name="kind",
            field=models.CharField(
                choices=[("needs", "needs"), ("relates", "relates to"), ("duplicates", "is a duplicate of")],
                default="needs",
                max_length=10,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="itemlink",
            name="item",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="links", to="roadmap.item"
            ),
        ),
        migrations.AlterField(
            model_name="itemlink",
            name="other",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="links_here", to="roadmap.item"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="itemlink",
            trigger=pgtrigger.compiler.Trigger(
                name="stamp",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="NEW.change_id := cradle_current_change(TG_TABLE_NAME); RETURN NEW;",
                    hash="126324154b5418c1a81b6b33c861122c59691034",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_stamp_a3832",
                    table="roadmap_itemlink",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="itemlink",
            trigger=pgtrigger.compiler.Trigger(
                name="record",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="PERFORM cradle_record(TG_TABLE_NAME, TG_OP, CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END, CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END); RETURN NULL;",
                    hash="f2111a000cecf1f5e58dfe83e7af3be121dbc89e",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_record_5bc7b",
                    table="roadmap_itemlink",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="itemlink",
            constraint=models.UniqueConstraint(fields=("item", "kind", "other"), name="item_link_once"),
        ),
        migrations.AddConstraint(
            model_name="itemlink",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "duplicates")), fields=("item",), name="duplicate_of_one_item"
            ),
        ),
        migrations.AddConstraint(
            model_name="itemlink",
            constraint=models.CheckConstraint(
                condition=models.Q(("item", models.F("other")), _negated=True), name="no_item_is_linked_to_itself"
            ),
        ),
        migrations.AddConstraint(
            model_name="itemlink",
            constraint=accounts.constraints.SameWorkspace(
                field="product", name="itemlink_product_same_workspace", target="products_product"
            ),
        ),
        migrations.AddConstraint(
            model_name="itemlink",
            constraint=accounts.constraints.SameWorkspace(
                field="item", name="itemlink_item_same_workspace", target="roadmap_item"
            ),
        ),
        migrations.AddConstraint(
            model_name="itemlink",
            constraint=accounts.constraints.SameWorkspace(
                field="other", name="itemlink_other_same_workspace", target="roadmap_item"
            ),
        ),
    ]
