from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RoadmapConfig(AppConfig):
    name = "roadmap"

    def ready(self) -> None:
        from accounts.ports import ports
        from roadmap import reporting, shell, subjects
        from roadmap.models import ItemType, ProductScoring, Scorecard, Status
        from roadmap.palette import find_items
        from roadmap.scores.scoring import rescore
        from ui import palette

        ports.on_founded += [Status.install_defaults, ItemType.install_defaults, Scorecard.install_defaults]
        ProductScoring.on_rescore.append(rescore)
        reporting.register()
        subjects.register()
        palette.add(_("Items"), find_items, order=10)
        shell.register()
