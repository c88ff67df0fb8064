from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    name = "feedback"

    def ready(self) -> None:
        from accounts.ports import ports
        from feedback import amounts, duplicates, evidence, shell
        from roadmap.models import ItemLink

        ports.settled.append(amounts.settled)
        evidence.register()
        ItemLink.passing_on.append(duplicates.pass_on)
        shell.register()
