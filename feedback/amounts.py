"""Amounts are in the workspace's one currency, which is settled by the first of them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Workspace
from feedback.models import Customer, CustomerProduct


def settled(workspace: Workspace) -> dict[str, Any]:
    """For accounts.ports: what of the workspace cannot be changed any more, and why."""
    customers = Customer.objects.with_deleted().filter(workspace=workspace, annual_revenue__gt=0)
    contracts = CustomerProduct.objects.filter(workspace=workspace, annual_revenue__gt=0)
    if not (customers.exists() or contracts.exists()):
        return {}
    why = _("There are amounts in %(currency)s already, so the currency cannot be changed any more.")
    return {"currency": why % {"currency": workspace.currency}}
