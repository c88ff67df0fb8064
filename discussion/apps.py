from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DiscussionConfig(AppConfig):
    name = "discussion"

    def ready(self) -> None:
        from accounts.places import places
        from accounts.prepared import Prepared
        from discussion.models import Notification, Thread
        from discussion.notifying import tell_of_end
        from jobs.models import Job
        from ui import shell

        unread = Prepared(lambda member: Notification.objects.visible_to(member).unread().order_by().values("pk"))
        places.register("thread", "thread", Thread.for_url)
        Job.on_end.append(tell_of_end)
        shell.add(
            shell.Entry(
                "notifications",
                _("Notifications"),
                "discussion:notifications",
                icon="bell",
                section="bell",
                count=lambda request: unread.statement(request.member),
            ),
            shell.Entry(
                "mail",
                _("Notifications"),
                "discussion:preferences",
                "bell",
                section="settings",
                group=_("You"),
                order=11,
            ),
        )
