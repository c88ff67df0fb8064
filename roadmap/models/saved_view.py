from __future__ import annotations

from functools import lru_cache
from urllib.parse import parse_qsl, urlencode

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.constraints import SameWorkspace, workspace_key
from accounts.identity import PublicIdField
from accounts.models import Member, Team, TeamMember, Workspace
from accounts.refusals import Refused
from accounts.roles import Role
from changes.editable import Editable
from changes.models import Change, DeletableManager, Versioned
from config import clock
from products.models import Product
from products.models.owned import OwnedQuerySet
from roadmap.models.kept_for import KeptFor

#: What a query says of this moment, not of the view.
PASSING = {"open", "after", "in", "view"}


class SavedViewQuerySet(OwnedQuerySet):
    def visible_to(self, member: Member) -> SavedViewQuerySet:
        """One's own, those of one's teams, and those that are shared with all who see the product."""
        of_teams = Q(team__in=TeamMember.objects.filter(member=member.pk).values("team"))
        return super().visible_to(member).filter(Q(is_shared=True) | Q(owner=member.pk) | of_teams)


class SavedView(KeptFor, Editable):
    """A question that is asked of a backlog again and again: filters and order under a name, as a query string."""

    noun = "view"
    role_to_change = Role.VIEWER
    refusals = {"view_name_is_unique": gettext_lazy("You have a view of this name. Choose another one.")}

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    public_id = PublicIdField()
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="saved_views")
    owner = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(gettext_lazy("name"), max_length=80)
    query = models.CharField(max_length=2000)
    team = models.ForeignKey(
        Team, verbose_name=gettext_lazy("team"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    is_shared = models.BooleanField(gettext_lazy("for everybody"), default=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    objects = DeletableManager.hiding(SavedViewQuerySet)

    class Meta(Versioned.Meta):
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["product", "owner", "name"], condition=Q(deleted_at=None), name="view_name_is_unique"
            ),
            SameWorkspace(field="product", target="products_product", name="view_product_same_workspace"),
            SameWorkspace(field="team", target="accounts_team", name="view_team_same_workspace"),
            workspace_key("savedview_workspace_key"),
            SameWorkspace(field="owner", target="accounts_member", name="view_owner_same_workspace"),
        ]

    def __str__(self) -> str:
        return self.name

    @staticmethod
    @lru_cache(maxsize=1024)
    def kept(query: str) -> str:
        """The part of a query string that a view keeps."""
        pairs = parse_qsl(query.replace("\0", ""))
        return urlencode([(name, value) for name, value in pairs if name not in PASSING])

    def prepare(self, names: set[str], change: Change) -> None:
        self.query = self.kept(self.query)
        if self.is_shared and self.team_id:
            raise Refused(_("A view is for a team or for everybody. Choose one of the two."))
        if not self.query:
            raise Refused(_("This view would show everything. Filter or sort the list first."))

    @property
    def scope(self) -> str:
        """`workspace`: all who see the product; `team`: one team; `private`: its owner."""
        return "workspace" if self.is_shared else "team" if self.team_id else "private"

    def may_be_changed_by(self, member: Member) -> bool:
        """Its owner, and managers where it is for others too."""
        return self.owner_id == member.pk or (self.scope != "private" and member.may(Role.MANAGER, at=self.product))

    @staticmethod
    def refuse_scope(member: Member, product: Product, *, is_shared: bool, team: Team | None) -> None:
        """Raise Refused unless `member` may keep a view for these: a team that they are in, everybody as a manager."""
        if is_shared and not member.may(Role.MANAGER, at=product):
            raise Refused(_("A view for everybody takes a manager. Keep it for yourself or for a team of yours."))
        if team is not None and not team.memberships.filter(member=member.pk).exists():
            raise Refused(_("You are not in this team. Choose one of yours."))
