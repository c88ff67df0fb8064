"""Workspaces that were there before get the ready-made scorecards too."""

from django.db import migrations
from django.utils import timezone

from roadmap.scores.factors import as_json
from roadmap.scores.ready_made import BUILT_IN


def install(apps, schema_editor):
    workspace_model, change_model = apps.get_model("accounts", "Workspace"), apps.get_model("changes", "Change")
    scorecard = apps.get_model("roadmap", "Scorecard")
    for workspace in workspace_model.objects.all():
        at = timezone.now()  # noqa: TID251 - the clock of the application is none of a migration's
        change = change_model.objects.create(
            workspace=workspace, actor_kind="system", verb="scorecard.added", at=at, quiet=True
        )
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('cradle.change', %s, true), set_config('cradle.at', %s, true)",
                [str(change.pk), at.isoformat()],
            )
        scorecard.objects.bulk_create(
            scorecard(
                workspace=workspace, method=one.method, name=str(one.name), how=str(one.how), created_at=at,
                factors=[as_json(factor) for factor in one.factors],
            )
            for one in BUILT_IN.values()
        )  # fmt: skip
        with schema_editor.connection.cursor() as cursor:
            cursor.execute("SELECT set_config('cradle.change', '', true)")


class Migration(migrations.Migration):
    dependencies = [("roadmap", "0015_scorecards")]
    operations = [migrations.RunPython(install, migrations.RunPython.noop)]
