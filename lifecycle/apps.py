from django.apps import AppConfig


class LifecycleConfig(AppConfig):
    name = "lifecycle"

    def ready(self) -> None:
        from lifecycle.introducing import adopt, lay_track
        from products import introducing

        introducing.on_introduced.append(lay_track)
        introducing.adopt = adopt
