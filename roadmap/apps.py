from django.apps import AppConfig

from accounts.ports import ports


class RoadmapConfig(AppConfig):
    name = "roadmap"

    def ready(self) -> None:
        from roadmap.models import Status

        ports.on_founded.append(Status.install_defaults)
