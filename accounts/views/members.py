"""Members, invitations and teams on one page, as in the design; one member's own page for what takes more room."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import member_rows, presence, teams
from accounts.access import may_look_after, member_required, roles_to_give
from accounts.forms.members import MemberForm, RoleForm
from accounts.models import Invitation, Member, Team, TeamMember
from accounts.models.member import MemberQuerySet
from accounts.prepared import Prepared
from accounts.refusals import Refused
from accounts.roles import Role
from accounts.together import Together
from accounts.views import role_table
from ui.pages import is_htmx, render_page, toast

PAGE = 50


@require_safe
@member_required()
def index(request: HttpRequest) -> HttpResponse:
    return render_page(request, "accounts/members/index.html", listing(request))


def listing(request: HttpRequest) -> dict[str, Any]:
    admin, together = request.member.may(Role.ADMIN), Together.of_page(request)
    by_role, in_teams = together.ask(BY_ROLE, request.member), teams.listed_later(request.member, together)
    pending = together.ask(PENDING, request.member) if admin else None
    members, following = _page_of_members(request, together)
    counts, rows = dict(by_role()), rows_for(request.member, members)
    context = {
        "total": sum(counts.values()),
        "viewers": counts.get(Role.VIEWER, 0),
        "rows": rows,
        "drawn": member_rows.draw(rows, get_token(request), may_manage=admin),
        "following": following,
        "filters": _filters(request),
        "roles": list(reversed(Role)),
        "role_table": role_table.drawn(get_language() or ""),
        "teams": in_teams(),
        "may_manage": admin,
    }
    if pending is not None:
        context["invitations"] = pending()
        for one in context["invitations"]:
            one.may_look_after = one.role in roles_to_give(request.member)
    return context


@require_http_methods(["GET", "HEAD", "POST"])
@member_required(Role.ADMIN)
def edit(request: HttpRequest, member: str) -> HttpResponse:
    """Role, job title and teams of one member."""
    other = _other(request, member)
    own = Team.objects.visible_to(request.member).filter(members=other)
    initial = {"role": other.role, "job_title": other.job_title, "teams": own}
    form = MemberForm(request.POST or None, initial=initial, giver=request.member)
    may = may_look_after(request.member, other)
    if not may:
        form.fields["role"].disabled = True
        form.fields["role"].choices = [(other.role, other.get_role_display())]  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        try:
            other.look_after(**form.cleaned_data, by=request.actor)
        except Refused as refused:
            form.add_error("role", str(refused))
        else:
            messages.success(request, _("%(name)s was changed.") % {"name": other.name})
            return redirect("accounts:members", request.workspace.slug)
    context = {
        "other": other,
        "form": form,
        "may_look_after": may,
        "methods": _methods([other], WITH_APP.rows([other.user_id]))[other.pk],
    }
    return render_page(request, "accounts/members/edit.html", context, 422 if form.is_bound else 200)


@require_POST
@member_required(Role.ADMIN)
def role(request: HttpRequest, member: str) -> HttpResponse:
    """The role, changed in its row."""
    other = _other(request, member)
    _require_over(request.member, other)
    form = RoleForm(request.POST, giver=request.member)
    refused = ""
    if form.is_valid():
        try:
            other.give_role(form.cleaned_data["role"], by=request.actor)
        except Refused as error:
            refused = str(error)
            other.refresh_from_db(fields=["role"])
    else:
        refused = " ".join(form.errors.get("role", []))
    done = _("%(name)s is %(role)s now.") % {"name": other.name, "role": other.get_role_display()}
    if not is_htmx(request):
        _tell(request, refused, done)
        return redirect("accounts:members", request.workspace.slug)
    row = rows_for(request.member, [other])[0]
    response = HttpResponse(member_rows.role(row, get_token(request), refused), status=422 if refused else 200)
    return response if refused else toast(response, done)


@require_POST
@member_required(Role.ADMIN)
def remove(request: HttpRequest, member: str) -> HttpResponse:
    other = _other(request, member)
    _require_over(request.member, other)
    try:
        other.remove(by=request.actor)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("%(name)s was removed.") % {"name": other.name})
    if other == request.member:
        return redirect("accounts:home")
    return redirect("accounts:members", request.workspace.slug)


def rows_for(viewer: Member, members: list[Member]) -> list[dict[str, Any]]:
    """What the table shows of each member; how they sign in only for admins. A fixed number of statements."""
    seen, together = presence.last_seen(members), Together()
    with_app = together.ask(WITH_APP, [member.user_id for member in members]) if viewer.may(Role.ADMIN) else None
    seats: dict[int, list[str]] = {}
    for member_id, name in together.ask(SEATS, [member.pk for member in members])():
        seats.setdefault(member_id, []).append(name)
    methods = _methods(members, with_app()) if with_app else {}
    names = {role.value: str(role.label) for role in Role}
    options = _options(roles_to_give(viewer), names)
    base = reverse("accounts:members", args=[viewer.workspace.slug])
    return [
        {
            "member": member,
            "url": f"{base}{member.public_id}/",
            "role": names[member.role],
            "teams": seats.get(member.pk, [])[:2],
            "more_teams": max(0, len(seats.get(member.pk, [])) - 2),
            "methods": methods.get(member.pk, ""),
            "seen": seen[member.pk],
            "may_look_after": may_look_after(viewer, member),
            "options": options[member.role],
            "is_you": member.pk == viewer.pk,
        }
        for member in members
    ]


def _options(given: list[Role], names: dict[int, str]) -> dict[int, SafeString]:
    """For each role that a member may have now: the choices of the select, written once for all rows."""
    return {
        now.value: format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            ((role.value, mark_safe(" selected") if role == now else "", names[role]) for role in given),
        )
        for now in Role
    }


def _methods(members: list[Member], with_app: list[int]) -> dict[int, str]:
    """How each signs in."""
    second = set(with_app)
    return {member.pk: _("Password, app code") if member.user_id in second else _("Password") for member in members}


def _page_of_members(request: HttpRequest, together: Together) -> tuple[list[Member], str]:
    """Up to PAGE members that the filters let through, and the public id from which the next page goes on."""
    filters = _filters(request)
    if not any(filters.values()):
        return _cut(together.ask(FIRST_PAGE, request.member)())
    members = _listed(request.member)
    if filters["q"]:
        members = members.named_like(filters["q"])
    if filters["role"]:
        members = members.filter(role=filters["role"])
    if filters["team"]:
        members = members.filter(teams__public_id=filters["team"])
    if filters["after"]:
        known = Member.objects.visible_to(request.member).select_related("user")
        members = members.after(last) if (last := known.filter(public_id=filters["after"]).first()) else members
    return _cut(list(members[: PAGE + 1]))


def _listed(member: Member) -> MemberQuerySet:
    return Member.objects.visible_to(member).current().select_related("workspace").by_name()


def _cut(found: list[Member]) -> tuple[list[Member], str]:
    return found[:PAGE], found[PAGE - 1].public_id if len(found) > PAGE else ""


PENDING = Prepared(
    lambda member: Invitation.objects.visible_to(member).pending().select_related("invited_by__user", "team")[:PAGE]
)
WITH_APP = Prepared(
    lambda users: Authenticator.objects.filter(user__among=users, type=Authenticator.Type.TOTP).values_list(
        "user_id", flat=True
    )
)
FIRST_PAGE = Prepared(lambda member: _listed(member)[: PAGE + 1])
BY_ROLE = Prepared(
    lambda member: (
        Member.objects.visible_to(member)
        .current()
        .order_by()
        .values("role")
        .annotate(n=Count("pk"))
        .values_list("role", "n")
    )
)
SEATS = Prepared(
    lambda ids: (
        TeamMember.objects.filter(member__among=ids).order_by("team__name").values_list("member_id", "team__name")
    )
)


def _filters(request: HttpRequest) -> dict[str, Any]:
    """What the query string asks for. What is no role or has a NUL in it is taken as not asked."""
    asked = {name: request.GET.get(name, "").replace("\0", "")[:100].strip() for name in ("q", "role", "team", "after")}
    known = asked["role"].isdecimal() and asked["role"].isascii() and int(asked["role"]) in Role.values
    return {**asked, "role": int(asked["role"]) if known else ""}


def _other(request: HttpRequest, public_id: str) -> Member:
    members = Member.objects.visible_to(request.member).current().select_related("user", "workspace")
    return get_object_or_404(members, public_id=public_id)


def _require_over(member: Member, other: Member) -> None:
    if not may_look_after(member, other):
        raise PermissionDenied(_("Only an owner may change or remove an owner."))


def _tell(request: HttpRequest, refused: str, done: str) -> None:
    if refused:
        messages.error(request, refused)
    else:
        messages.success(request, done)
