from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        import accounts.lookups  # noqa: F401 - registers `__among`
        from accounts import plans, sessions, shell

        shell.register()
        sessions.listen()
        plans.keep_more()
