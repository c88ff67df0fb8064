from django.apps import AppConfig

from ui.active import keep_in_context


class UiConfig(AppConfig):
    name = "ui"
    verbose_name = "User interface"

    def ready(self) -> None:
        keep_in_context()
