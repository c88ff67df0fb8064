from django.apps import AppConfig

from ui.active import keep_in_context
from ui.sentences import put_in_place

put_in_place()  # before any form or model is read


class UiConfig(AppConfig):
    name = "ui"
    verbose_name = "User interface"

    def ready(self) -> None:
        keep_in_context()
