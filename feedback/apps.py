from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    name = "feedback"

    def ready(self) -> None:
        from accounts.ports import ports
        from feedback import amounts, evidence, shell

        ports.settled.append(amounts.settled)
        evidence.register()
        shell.register()
