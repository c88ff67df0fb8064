"""What a person does with a conversation: add it, change it, finish it, link its passages."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import reswap, retarget

from accounts.access import member_required, require
from accounts.refusals import Refused
from accounts.roles import Role
from changes.answers import naming, undo_address
from changes.concurrency import Conflict
from changes.models import Change
from feedback.evidence_cards import as_targets, draw_targets
from feedback.forms.conversations import ConversationForm, InsightForm, LinkForm
from feedback.forms.parts import completed
from feedback.models import Contact, Conversation, Customer, Importance, Insight
from feedback.views.inbox import conversation_page
from feedback.wording import matching
from products.models import Problem, Product
from roadmap.models import Item
from ui.pages import is_htmx, render_page, toast

FOUND = 6
WHOLE = 280  # letters: a conversation no longer than this is one passage


@member_required()
def add(request: HttpRequest) -> HttpResponse:
    """New feedback: who said what, about which product."""
    form = ConversationForm(
        request.POST or None,
        instance=Conversation(workspace=request.workspace),
        whole=True,
        initial={"customer_name": request.GET.get("customer", "")[:120]},
    )
    form.limit_choices(request.member)
    if not (request.member.may(Role.CONTRIBUTOR) or form.fields["product"].queryset.exists()):  # type: ignore[attr-defined]
        require(request.member, Role.CONTRIBUTOR)
    if request.method == "POST" and form.is_valid():
        return _opened(request, _receive(request, form))
    status = 422 if request.method == "POST" else 200
    return render_page(request, "feedback/inbox/add.html", {"form": form, **_names(request)}, status=status)


@member_required()
def edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """The fields that were sent are set; the page shows all of them."""
    conversation = _changeable(request, public_id)
    form = ConversationForm(request.POST or None, instance=conversation)
    form.limit_choices(request.member)
    if request.method != "POST":
        return _form(request, conversation, form)
    if not form.is_valid():
        return _form(request, conversation, form, status=422)
    try:
        change = _change(request, conversation, form)
    except Conflict as conflict:
        return _form(request, conversation, form, status=409, conflict=conflict)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _form(request, conversation, form, status=422)
    return _saved(request, conversation, change)


@require_POST
@member_required()
def done(request: HttpRequest, public_id: str) -> HttpResponse:
    """Triaged: out of the inbox, on to the next one."""
    conversation = _changeable(request, public_id)
    change = conversation.finish(by=request.actor)
    return _moved(request, conversation, change, _("Done: %(subject)s"))


@require_POST
@member_required()
def reopen(request: HttpRequest, public_id: str) -> HttpResponse:
    conversation = _changeable(request, public_id)
    return _saved(request, conversation, conversation.reopen(by=request.actor))


@require_POST
@member_required()
def delete(request: HttpRequest, public_id: str) -> HttpResponse:
    conversation = _changeable(request, public_id)
    require(request.member, Role.MANAGER, at=conversation.product)
    conversation.delete_softly(by=request.actor)
    return _moved(request, conversation, conversation.change_id, _("Deleted: %(subject)s"))


@member_required()
def link(request: HttpRequest, public_id: str) -> HttpResponse:
    """GET finds items and problems for a passage (`q`); POST links it. The page works without JavaScript."""
    conversation = _changeable(request, public_id)
    if request.method != "POST":
        form = LinkForm(
            member=request.member,
            initial={
                "passage": request.GET.get("passage", "") or _whole_if_short(conversation.text),
                "importance": Importance.IMPORTANT,
            },
        )
        return _link_form(request, conversation, form)
    form = LinkForm(request.POST, member=request.member)
    if not form.is_valid():
        return _link_form(request, conversation, form, status=422)
    try:
        insight = _link(request, conversation, form.cleaned_data)
    except Refused as refusal:
        form.add_error("passage", str(refusal))
        return _link_form(request, conversation, form, status=422)
    if not is_htmx(request):
        return redirect("feedback:conversation", request.workspace.slug, conversation.public_id)
    return naming(conversation_page(request, conversation), insight.change_id)


def _whole_if_short(text: str) -> str:
    """What was said in a line or two is the passage as it stands; of more, a person marks what counts."""
    return text if len(text) <= WHOLE and "\n" not in text.strip() else ""


@require_POST
@member_required()
def weigh(request: HttpRequest, public_id: str) -> HttpResponse:
    """Another importance for an insight."""
    insight = _insight(request, public_id)
    form = InsightForm(request.POST, instance=insight)
    form.require("importance")
    if not form.is_valid():
        return HttpResponse(_("Choose an importance."), status=422, content_type="text/plain")
    try:
        change = insight.edit(by=request.actor, seen=form.seen_version, **form.values)
    except Conflict as conflict:
        return HttpResponse(str(conflict), status=409, content_type="text/plain")
    return _after_insight(request, insight, change)


@require_POST
@member_required()
def unlink(request: HttpRequest, public_id: str) -> HttpResponse:
    insight = _insight(request, public_id)
    insight.delete_softly(by=request.actor)
    undo = reverse("changes:undo", args=[request.workspace.slug, insight.change_id])
    return toast(_after_insight(request, insight, insight.change_id), _("Unlinked"), undo=undo)


# --- helpers


def _changeable(request: HttpRequest, public_id: str) -> Conversation:
    """The conversation, if the member sees it and may change it."""
    rows = Conversation.objects.visible_to(request.member).for_rows().select_related("product", "lead__user")
    conversation = get_object_or_404(rows, public_id=public_id)
    require(request.member, Role.CONTRIBUTOR, at=conversation.product)
    return conversation


def _insight(request: HttpRequest, public_id: str) -> Insight:
    rows = Insight.objects.visible_to(request.member).select_related(
        "item__product", "problem__product", "conversation"
    )
    insight = get_object_or_404(rows, public_id=public_id)
    require(request.member, Role.CONTRIBUTOR, at=insight.target.product)
    return insight


def _receive(request: HttpRequest, form: ConversationForm) -> Conversation:
    with Change.open("conversation.received", by=request.actor, workspace=request.workspace) as change:
        customer, contact = Contact.speaker(request.workspace, by=change, **form.speaker)
        fields = form.values
        return Conversation.receive(
            request.workspace, fields.pop("subject"), fields.pop("text"), by=change, customer=customer, contact=contact,
            **fields,
        )  # fmt: skip


def _change(request: HttpRequest, conversation: Conversation, form: ConversationForm) -> int:
    with Change.open("conversation.edited", by=request.actor, workspace=request.workspace) as change:
        fields = form.values
        if form.names_speaker:
            fields["customer"], fields["contact"] = Contact.speaker(request.workspace, by=change, **form.speaker)
        conversation.edit(by=change, seen=form.seen_version, **fields)
    return change.pk or 0


def _link(request: HttpRequest, conversation: Conversation, chosen: dict[str, Any]) -> Insight:
    kind, target = chosen["target"]
    with Change.open("insight.linked", by=request.actor, workspace=request.workspace) as change:
        if kind == "new":
            kind, target = "item", Item.add(target, chosen["title"].strip(), by=change)
        else:
            require(request.member, Role.CONTRIBUTOR, at=target.product)
        return conversation.link(chosen["passage"], importance=chosen["importance"], by=change, **{kind: target})


def _targets(request: HttpRequest, conversation: Conversation, text: str) -> dict[str, Any]:
    """Items and problems that the typed words name; without words, nothing but what is offered to be new."""
    member = request.member
    key, _dash, number = text.strip().upper().rpartition("-")
    items = Item.objects.visible_to(member)
    if key and number.isascii() and number.isdigit() and len(number) < 10:
        items = items.filter(product__key=key, number=number)
    else:
        items = items.filter(matching(text))
    problems = Problem.objects.visible_to(member).filter(statement__icontains=text)
    products = Product.objects.changeable_by(member, Role.CONTRIBUTOR)
    if conversation.product is not None:
        products = products.filter(pk=conversation.product.pk)
    return {
        "items": draw_targets(as_targets(items.order_by("product__key", "rank"))[:FOUND]) if text else "",
        "problems": problems[:3] if text else [],
        "products": products[:3] if text else [],
        "words": text,
    }


def _link_form(request: HttpRequest, conversation: Conversation, form: LinkForm, status: int = 200) -> HttpResponse:
    words = (request.POST if form.is_bound else request.GET).get("q", "")[:200].replace("\0", "").strip()
    context = {
        "conversation": conversation,
        "form": form,
        "importances": Importance.choices[1:],
        **_targets(request, conversation, words),
    }
    if request.GET.get("part") == "targets":
        return render_page(request, "feedback/inbox/_targets.html", context)
    if status == 422 and is_htmx(request):
        sentences = escape(" ".join(str(one) for field in form.errors.values() for one in field))
        return reswap(retarget(HttpResponse(sentences, status=422), "#link-error"), "innerHTML")
    return render_page(request, "feedback/inbox/link.html", context, status=status)


def _names(request: HttpRequest) -> dict[str, Any]:
    return {"customer_names": Customer.objects.visible_to(request.member).values_list("name", flat=True)[:200]}


def _form(
    request: HttpRequest, conversation: Conversation, form: ConversationForm, status: int = 200, **more: Any
) -> HttpResponse:
    shown = form
    if form.is_bound and len(form.fields) < len(ConversationForm.base_fields):
        whole = ConversationForm(instance=conversation)
        whole.limit_choices(request.member)
        shown = completed(whole, form)
    context = {"conversation": conversation, "form": shown, "sent": form, **_names(request), **more}
    return render_page(request, "feedback/inbox/edit.html", context, status=status)


def _opened(request: HttpRequest, conversation: Conversation) -> HttpResponse:
    return redirect("feedback:conversation", request.workspace.slug, conversation.public_id)


def _saved(request: HttpRequest, conversation: Conversation, change: int) -> HttpResponse:
    if not is_htmx(request):
        return _opened(request, conversation)
    return naming(conversation_page(request, conversation), change)


def _moved(request: HttpRequest, conversation: Conversation, change: int, sentence: str) -> HttpResponse:
    """Back to the list, with the way back."""
    text = sentence % {"subject": conversation.subject}
    messages.success(request, text, extra_tags=undo_address(request, change))
    inbox = reverse("feedback:inbox", args=[request.workspace.slug])
    keep = request.POST.get("keep", "")
    return redirect(f"{inbox}?{keep}" if keep else inbox)


def _after_insight(request: HttpRequest, insight: Insight, change: int) -> HttpResponse:
    """The conversation anew where the member sees it, else the item's or problem's own page."""
    rows = (
        Conversation.objects.visible_to(request.member)
        .for_rows()
        .select_related("product", "lead__user", "added_by__user")
    )
    conversation = rows.filter(pk=insight.conversation_id).first()
    if conversation is None:
        return naming(redirect("feedback:inbox", request.workspace.slug), change)
    if not is_htmx(request):
        return _opened(request, conversation)
    return naming(conversation_page(request, conversation), change)
