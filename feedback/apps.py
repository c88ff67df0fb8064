from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    name = "feedback"

    def ready(self) -> None:
        from accounts.ports import ports
        from feedback import amounts, duplicates, evidence, item_filters, shell, sums_of_columns
        from feedback.models.changelog import tell_subscribers
        from feedback.views import changelog_settings
        from roadmap.models import ItemLink, ReleaseNotes

        ports.settled.append(amounts.settled)
        ReleaseNotes.on_published.append(tell_subscribers)
        changelog_settings.register()
        evidence.register()
        sums_of_columns.register()
        item_filters.register()
        ItemLink.passing_on.append(duplicates.pass_on)
        shell.register()
