from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UsageConfig(AppConfig):
    name = "usage"

    def ready(self) -> None:
        from listing import figures, panels
        from roadmap.items import moving
        from ui import shell
        from usage import leaving, readings
        from usage.adoption import adoption_figures, adoption_of_item, adoption_of_items

        shell.add(
            shell.Entry(
                "insights", _("Insights"), "usage:insights", icon="chart-line", section="product", order=80, keys="g i"
            )
        )
        panels.register(
            "item",
            "adoption",
            order=30,
            template="usage/_adoption.html",
            provide=adoption_of_items,
            ask=adoption_of_item,
            label=_("Adoption"),
        )
        readings.register()
        moving.on_leaving.append(leaving.let_go)
        moving.foreseen_by.append(leaving.foresee)
        figures.register("adoption", label=_("Adopted by accounts"), of="item", unit="%", compute=adoption_figures)
