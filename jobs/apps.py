from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from accounts.ports import ports
from accounts.roles import Role


class JobsConfig(AppConfig):
    name = "jobs"

    def ready(self) -> None:
        from jobs import mail
        from ui import shell

        ports.send_mail = mail.send
        shell.add(
            shell.Entry(
                "jobs",
                _("Background work"),
                "jobs:index",
                icon="timer",
                section="settings",
                group=_("Data"),
                order=350,
                shows=lambda request: request.member.may(Role.ADMIN),
            )
        )
