"""Where a product stands, said by people instead of gates: once when it comes to Cradle, and when a stage starts anew."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from accounts.access import member_required
from accounts.refusals import Refused
from accounts.roles import Role
from lifecycle.forms import AdoptForm, ReopenForm
from lifecycle.models import State, Track
from ui.pages import render_page


@member_required(Role.MANAGER)
def adopt(request: HttpRequest) -> HttpResponse:
    """The stage that the product was in before it came to Cradle."""
    form = AdoptForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            _track(request).adopt_at(said["stage"], said["reason"], by=request.actor, since=said["since"])
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return _done(request, _("Noted. From here on gates move the product."))
    return _page(request, "lifecycle/stages/adopt.html", form)


@member_required(Role.MANAGER)
def reopen(request: HttpRequest) -> HttpResponse:
    """A finished stage starts again beside the later ones."""
    finished = [row for row in _track(request).stages().values() if row.state == State.DONE]
    form = ReopenForm(request.POST or None)
    form.fields["stage"].choices = [(row.stage, row.get_stage_display()) for row in finished]  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        try:
            _track(request).reopen(form.cleaned_data["stage"], form.cleaned_data["reason"], by=request.actor)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return _done(request, _("The stage is active again"))
    return _page(request, "lifecycle/stages/reopen.html", form)


def _track(request: HttpRequest) -> Track:
    track = get_object_or_404(Track.objects.visible_to(request.member).of(request.product))
    track.product, track.workspace = request.product, request.workspace
    return track


def _page(request: HttpRequest, template: str, form: forms.Form) -> HttpResponse:
    status = 422 if request.method == "POST" else 200
    return render_page(request, template, {"form": form, "product": request.product}, status)


def _done(request: HttpRequest, text: str) -> HttpResponse:
    messages.success(request, text)
    return redirect("products:overview", request.workspace.slug, request.product.key)
