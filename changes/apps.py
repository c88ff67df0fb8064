from django.apps import AppConfig

from accounts.ports import ports


class ChangesConfig(AppConfig):
    name = "changes"

    def ready(self) -> None:
        from changes import live
        from changes.models import Change, Version

        ports.open_change = Change.open
        ports.versions_of = Version.latest_of
        ports.close_streams = lambda member: live.close_streams(member.pk)
