from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LifecycleConfig(AppConfig):
    name = "lifecycle"

    def ready(self) -> None:
        from discussion import subjects
        from lifecycle import course_of_products, lately, news, rails, reporting
        from lifecycle.introducing import adopt, lay_track
        from lifecycle.marking import gates_marked
        from lifecycle.views import welcome
        from listing import panels
        from products import agenda, attention, briefs, introducing, landing
        from roadmap.portfolio import marks
        from roadmap.timelines import markers
        from ui import shell

        introducing.on_introduced.append(lay_track)
        introducing.adopt = adopt
        introducing.next_review = rails.next_review
        panels.register(
            "product.head", "lifecycle", template="lifecycle/_rail.html", provide=rails.rails, order=10,
            ask=rails.rail_of_one,
        )  # fmt: skip
        briefs.register(reporting.lives, order=10)
        attention.register(reporting.findings)
        agenda.register(reporting.days)
        marks.register(course_of_products.lives)
        landing.when_empty = welcome.instead_of_portfolio
        panels.register(
            "portfolio.head",
            "steps",
            template="lifecycle/welcome/_strip.html",
            provide=welcome.strip,
            order=20,
            ask=welcome.strip_of_one,
        )
        panels.register(
            "portfolio.head", "lately", template="lifecycle/lately/_panel.html", provide=lately.panel, order=10
        )
        shell.add(
            shell.Entry(
                "lately",
                _("What changed"),
                "lifecycle:lately",
                "history",
                order=5,
                shows=lambda request: lately.lands_there(request.member),
            ),
            shell.Entry("my", _("My work"), "lifecycle:my_work", "circle-user-round", order=40, keys="g m"),
            shell.Entry("lifecycle", _("Lifecycle"), "lifecycle:board", "milestone", order=20, keys="g l"),
        )
        markers.register(gates_marked)
        subjects.register("gate", rows=news.seen_gates, subject=news.subject_of)
        news.tell()
