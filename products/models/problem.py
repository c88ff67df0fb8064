from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.constraints import SameWorkspace, workspace_key
from accounts.identity import PublicIdField
from accounts.models import Workspace
from changes.models import DeletableManager, Versioned
from config import clock
from products.models.aims import Aim
from products.models.owned import OwnedQuerySet
from products.models.product import Product


class ProblemState(models.TextChoices):
    OPEN = "open", _("Open")
    EXPLORING = "exploring", _("Exploring")
    VALIDATED = "validated", _("Validated")
    SOLVED = "solved", _("Solved")
    SET_ASIDE = "set_aside", _("Set aside")


#: States in which a problem still waits for an answer.
LIVE_STATES = [ProblemState.OPEN, ProblemState.EXPLORING, ProblemState.VALIDATED]


class Problem(Aim):
    """An opportunity in discovery: who has it, how big it is, what they would pay, what exists."""

    noun = "problem"

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="problems")
    public_id = PublicIdField()
    product = models.ForeignKey(Product, null=True, blank=True, on_delete=models.CASCADE, related_name="problems")
    statement = models.CharField(_("problem"), max_length=280)
    who = models.CharField(_("who has it"), max_length=200, blank=True)
    how_big = models.CharField(_("how big it is"), max_length=200, blank=True)
    would_pay = models.CharField(_("would they pay"), max_length=200, blank=True)
    exists_today = models.CharField(_("what exists"), max_length=280, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=ProblemState, default=ProblemState.OPEN)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    objects = DeletableManager.hiding(OwnedQuerySet)

    class Meta(Versioned.Meta):
        ordering = ["-pk"]
        constraints = [
            workspace_key("problem_workspace_key"),
            SameWorkspace(field="product", target="products_product", name="problem_product_same_workspace"),
        ]

    def __str__(self) -> str:
        return self.statement
