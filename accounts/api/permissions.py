"""The same roles as on the pages, plus the token's scope."""

from __future__ import annotations

from typing import Any

from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from accounts.models.token import Scope
from accounts.roles import Role


class RolePermission(BasePermission):
    """A viewset names the role of each action in `roles`; an action that it does not name is refused.

    Objects that belong to a product ask the role that holds there: `view.place_of(object)`.
    """

    def has_permission(self, request: Request, view: Any) -> bool:
        if request.auth is None:
            return False
        if request.method not in SAFE_METHODS and request.auth.scope != Scope.WRITE:
            return False
        role = view.roles.get(view.action or "options")
        if role is None:
            return request.method == "OPTIONS"
        return view.role_may_come_from_product(view.action) or request.member.may(role)

    def has_object_permission(self, request: Request, view: Any, obj: Any) -> bool:
        return request.member.may(Role(view.roles[view.action]), at=view.place_of(obj))
