"""Workspaces that were there before get the ready-made types, which are what their items are already."""

from django.db import migrations
from django.utils import timezone

TYPES = (
    ("epic", "Epic", "layers", "accent"),
    ("feature", "Feature", "sparkles", "ok"),
    ("improvement", "Improvement", "trending-up", "neutral"),
    ("bug", "Bug", "bug", "bad"),
    ("discovery", "Discovery", "microscope", "warn"),
)


def install(apps, schema_editor):
    workspace_model, change_model = apps.get_model("accounts", "Workspace"), apps.get_model("changes", "Change")
    item_type = apps.get_model("roadmap", "ItemType")
    for workspace in workspace_model.objects.all():
        at = timezone.now()  # noqa: TID251 - the clock of the application is none of a migration's
        change = change_model.objects.create(
            workspace=workspace, actor_kind="system", verb="item_type.added", at=at, quiet=True
        )
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('cradle.change', %s, true), set_config('cradle.at', %s, true)",
                [str(change.pk), at.isoformat()],
            )
        item_type.objects.bulk_create(
            item_type(
                workspace=workspace,
                key=key,
                name=name,
                kind=key,
                icon=icon,
                tone=tone,
                position=position,
                created_at=at,
            )
            for position, (key, name, icon, tone) in enumerate(TYPES)
        )
        with schema_editor.connection.cursor() as cursor:
            cursor.execute("SELECT set_config('cradle.change', '', true)")


class Migration(migrations.Migration):
    dependencies = [("roadmap", "0026_item_types"), ("changes", "0001_initial")]
    operations = [migrations.RunPython(install, migrations.RunPython.noop)]
