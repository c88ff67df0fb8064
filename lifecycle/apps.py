from django.apps import AppConfig


class LifecycleConfig(AppConfig):
    name = "lifecycle"

    def ready(self) -> None:
        from discussion import subjects
        from lifecycle import course_of_products, heads, news, rails, reporting, shell, standing
        from lifecycle.introducing import adopt, lay_track
        from lifecycle.marking import gates_marked
        from lifecycle.views import welcome
        from products import agenda, attention, briefs, introducing, landing
        from roadmap.portfolio import marks
        from roadmap.timelines import markers

        introducing.on_introduced.append(lay_track)
        introducing.adopt = adopt
        introducing.next_review = rails.next_review
        landing.when_empty = welcome.instead_of_portfolio
        heads.register()
        briefs.register(reporting.lives, order=10)
        attention.register(reporting.findings)
        agenda.register(reporting.days)
        marks.register(course_of_products.lives, *standing.TABLES)
        markers.register(gates_marked)
        subjects.register("gate", rows=news.seen_gates, subject=news.subject_of)
        news.tell()
        shell.register()
