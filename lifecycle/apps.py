from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LifecycleConfig(AppConfig):
    name = "lifecycle"

    def ready(self) -> None:
        from lifecycle import news, rails, reporting
        from lifecycle.introducing import adopt, lay_track
        from listing import panels
        from products import agenda, attention, briefs, introducing
        from ui import shell

        introducing.on_introduced.append(lay_track)
        introducing.adopt = adopt
        introducing.next_review = rails.next_review
        panels.register("product.head", "lifecycle", template="lifecycle/_rail.html", provide=rails.rails, order=10)
        briefs.register(reporting.lives, order=10)
        attention.register(reporting.findings)
        agenda.register(reporting.days)
        shell.add(
            shell.Entry("lifecycle", _("Lifecycle"), "lifecycle:board", "milestone", order=20, keys="g l"),
        )
        news.tell()
