from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    name = "feedback"

    def ready(self) -> None:
        from accounts.ports import ports
        from feedback import amounts, duplicates, evidence, item_filters, shell
        from roadmap.models import ItemLink

        ports.settled.append(amounts.settled)
        evidence.register()
        item_filters.register()
        ItemLink.passing_on.append(duplicates.pass_on)
        shell.register()
