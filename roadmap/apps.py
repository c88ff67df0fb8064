from typing import Any

from django.apps import AppConfig
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.ports import ports
from accounts.roles import Role


class RoadmapConfig(AppConfig):
    name = "roadmap"

    def ready(self) -> None:
        from accounts.prepared import Prepared
        from discussion import subjects
        from discussion.subjects import Subject
        from roadmap import reporting
        from roadmap.models import Item, ItemType, Scorecard, ShareLink, Status
        from roadmap.palette import find_items
        from roadmap.scores import scoring  # noqa: F401 - scoring registers itself
        from ui import palette, shell

        most = 1000  # a number beside a word: on every page, so not of ten thousand rows
        open_items = Prepared(
            lambda member, product: Item.objects.visible_to(member).of(product).open().order_by().values("pk")[:most]
        )

        def seen_items(member: Any) -> Any:
            rows = Item.objects.visible_to(member).select_related("product__workspace")
            return rows.only("thread", "number", "title", "product__key", "product__workspace__slug")

        def subject_of(item: Any) -> Subject:
            place = [item.product.workspace.slug, item.product.key, item.number]
            return Subject(item.title, reverse("roadmap:item", args=place), item.key)

        def is_admin(request: Any) -> bool:
            return bool(request.member.may(Role.ADMIN))

        ports.on_founded += [Status.install_defaults, ItemType.install_defaults, Scorecard.install_defaults]
        reporting.register()
        palette.add(_("Items"), find_items, order=10)
        subjects.register("item", rows=seen_items, subject=subject_of)
        subjects.register(
            "share",
            rows=lambda member: ShareLink.objects.talked_of_by(member).select_related("workspace", "product"),
            subject=lambda link: Subject(
                f"{link.product.name} · {link.audience}",
                reverse("roadmap:shared_one", args=[link.workspace.slug, link.public_id]),
            ),
        )
        shell.add(
            shell.Entry(
                "backlog", _("Backlog"), "roadmap:backlog", icon="list-ordered", section="product", order=30, keys="g b",
                also=("items", "matrix", "scoring", "components"), most=most,
                count=lambda request: open_items.statement(request.member, request.product),
            ),
            shell.Entry(
                "roadmap", _("Roadmap"), "roadmap:roadmap", icon="chart-gantt", section="product", order=40, keys="g r",
                also=("share",), tab=True,
            ),
            shell.Entry(
                "roadmaps", _("Roadmaps"), "roadmap:portfolio", icon="chart-gantt", order=50, also=("roadmaps",),
            ),
            shell.Entry(
                "shared_with_me", _("Shared with me"), "roadmap:shared_with_me", icon="presentation", section="shared",
                order=60,
            ),
            shell.Entry(
                "statuses", _("Statuses"), "roadmap:statuses", icon="list-checks", section="settings",
                group=_("Workspace"), order=33, shows=is_admin,
            ),
            shell.Entry(
                "item_types", _("Types of items"), "roadmap:item_types", "boxes", "settings", _("Workspace"), 34,
                shows=is_admin, also=("types",),
            ),
            shell.Entry(
                "custom_fields", _("Fields of items"), "roadmap:custom_fields", "list-checks", "settings", _("Workspace"),
                40, shows=is_admin, also=("fields",),
            ),
            shell.Entry(
                "scorecards", _("Scorecards"), "roadmap:scorecards", "scale", "settings", _("Workspace"), 42,
                shows=is_admin,
            ),
            shell.Entry(
                "templates", _("Templates"), "roadmap:templates", "file-text", "settings", _("Workspace"), 41,
                shows=is_admin,
            ),
            shell.Entry(
                "releases", _("Releases"), "roadmap:releases", icon="flag", section="product", order=50, also=("changelog",)
            ),
        )  # fmt: skip
