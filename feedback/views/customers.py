"""Customers: who they are, what they pay, what they say."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import member_required, require
from accounts.models import Member
from accounts.prepared import Prepared
from accounts.refusals import Refused
from accounts.roles import Role
from accounts.together import Together
from changes.concurrency import Conflict
from feedback.customer_rows import as_rows, asked_rows, draw, draw_asked, draw_said, said_rows
from feedback.filters import customer_language, filter_form
from feedback.forms.customers import ContactForm, ContractForm, CustomerForm
from feedback.forms.parts import CHANGEABLE
from feedback.models import Contact, Conversation, Customer, CustomerProduct, Insight
from feedback.views.inbox import may_add
from listing.pages import Page, PreparedPages, Sort, page_of
from products.models import Product
from ui.pages import render_page

SORTS = {
    "name": [Sort("name"), Sort("pk")],
    "-name": [Sort("name", descending=True), Sort("pk")],
    "-annual_revenue": [Sort("annual_revenue", descending=True, nullable=True), Sort("pk")],
    "annual_revenue": [Sort("annual_revenue", nullable=True), Sort("pk")],
}
SHOWN = 20


@member_required()
def listing(request: HttpRequest) -> HttpResponse:
    language = customer_language(request.member)
    expression = language.from_query(request.GET)
    sort = request.GET.get("sort", "name")
    sort, refusal = sort if sort in SORTS else "name", ""
    after, member = request.GET.get("after", ""), request.member
    try:
        if expression["all"]:
            page = page_of(as_rows(_with_counts(member).filter(language.compile(expression))), SORTS[sort], after)
        else:
            page = PAGES.page(member, sorts=SORTS[sort], after=after)
    except Refused as refused:
        refusal, page = str(refused), Page([], "")
    more = request.htmx and request.GET.get("after")
    return render_page(
        request,
        "feedback/customers/_rows.html" if more else "feedback/customers/list.html",
        {
            "page": page,
            "rows": draw(page.rows, request.workspace),
            **filter_form(language, request.GET, carry=("sort",)),
            "conditions": expression["all"],
            "refusal": refusal,
            "sort": sort,
            "may_edit": request.member.may(Role.MANAGER),
            "may_add": may_add(request),
        },
    )


@member_required()
def show(request: HttpRequest, public_id: str) -> HttpResponse:
    customer = _customer(request, public_id)
    return render_page(request, "feedback/customers/show.html", _whole(request, customer))


@member_required(Role.MANAGER)
def add(request: HttpRequest) -> HttpResponse:
    form = CustomerForm(request.POST or None, instance=Customer(workspace=request.workspace))
    if request.method == "POST":
        form.require("name")
        if form.is_valid():
            try:
                customer = Customer.add(request.workspace, by=request.actor, **form.values)
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                return _to(request, customer)
    status = 422 if request.method == "POST" else 200
    return render_page(request, "feedback/customers/add.html", {"form": form}, status=status)


@member_required(Role.MANAGER)
def edit(request: HttpRequest, public_id: str) -> HttpResponse:
    customer = _customer(request, public_id)
    form = CustomerForm(request.POST or None, instance=customer)
    context: dict[str, Any] = {"form": form, "customer": customer}
    if request.method != "POST":
        return render_page(request, "feedback/customers/edit.html", context)
    if form.is_valid():
        try:
            customer.edit(by=request.actor, seen=form.seen_version, **form.values)
        except Conflict as conflict:
            return render_page(request, "feedback/customers/edit.html", {**context, "conflict": conflict}, status=409)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return _to(request, customer)
    return render_page(request, "feedback/customers/edit.html", context, status=422)


@require_POST
@member_required(Role.MANAGER)
def delete(request: HttpRequest, public_id: str) -> HttpResponse:
    customer = _customer(request, public_id)
    customer.delete_softly(by=request.actor)
    _say(request, _("Deleted: %(name)s") % {"name": customer}, customer.change_id)
    return redirect("feedback:customers", request.workspace.slug)


@require_POST
@member_required()
def contract(request: HttpRequest, public_id: str) -> HttpResponse:
    """What the customer pays for a product; with `remove`, no longer noted."""
    customer = _customer(request, public_id)
    products = Product.objects.changeable_by(request.member, Role.MANAGER)
    if not products.exists():
        require(request.member, Role.MANAGER)
    form = ContractForm(request.POST, products=products)
    if "remove" in request.POST:
        wanted = request.POST["remove"][:10].replace("\0", "")
        known = customer.contracts.filter(product__in=products, product__key=wanted).first()
        if known is not None:
            known.end(by=request.actor)
        return _to(request, customer)
    if not form.is_valid():
        context = _whole(request, customer, contract_form=form)
        return render_page(request, "feedback/customers/show.html", context, status=422)
    customer.pays(**form.cleaned_data, by=request.actor)
    return _to(request, customer)


@member_required()
def add_contact(request: HttpRequest, public_id: str) -> HttpResponse:
    customer = _customer(request, public_id)
    if not may_add(request):
        require(request.member, Role.CONTRIBUTOR)
    form = ContactForm(request.POST or None, instance=Contact(workspace=request.workspace, customer=customer))
    form.fields.pop("customer", None)
    if request.method == "POST" and form.is_valid():
        contact = Contact.add(request.workspace, by=request.actor, **{**form.values, "customer": customer})
        if contact.customer != customer:
            told = _("%(email)s is a contact of %(customer)s already. A manager can move them here.")
            messages.error(request, told % {"email": contact.email, "customer": contact.customer})
        return _to(request, customer)
    status = 422 if request.method == "POST" else 200
    return render_page(request, "feedback/customers/contact.html", {"form": form, "customer": customer}, status=status)


@member_required()
def edit_contact(request: HttpRequest, public_id: str) -> HttpResponse:
    """A contact's fields and what they said; managers may change them."""
    contact = _contact(request, public_id)
    form = ContactForm(request.POST or None, instance=contact)
    form.limit_choices(request.member)
    context: dict[str, Any] = {
        "form": form,
        "contact": contact,
        "customer": contact.customer,
        "may_edit": request.member.may(Role.MANAGER),
        "conversations": Conversation.objects.visible_to(request.member).filter(contact=contact).for_rows()
        .order_by("-received_at")[:SHOWN],
    }  # fmt: skip
    if request.method != "POST":
        return render_page(request, "feedback/customers/contact.html", context)
    require(request.member, Role.MANAGER)
    if form.is_valid():
        try:
            contact.edit(by=request.actor, seen=form.seen_version, **form.values)
        except Conflict as conflict:
            return render_page(
                request, "feedback/customers/contact.html", {**context, "conflict": conflict}, status=409
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("feedback:contact", request.workspace.slug, contact.public_id)
    return render_page(request, "feedback/customers/contact.html", context, status=422)


@require_POST
@member_required(Role.MANAGER)
def delete_contact(request: HttpRequest, public_id: str) -> HttpResponse:
    contact = _contact(request, public_id)
    contact.delete_softly(by=request.actor)
    _say(request, _("Deleted: %(name)s") % {"name": contact}, contact.change_id)
    if contact.customer is None:
        return redirect("feedback:customers", request.workspace.slug)
    return _to(request, contact.customer)


# --- helpers


def _customer(request: HttpRequest, public_id: str) -> Customer:
    customer: Customer | None = ONE.first(request.member, public_id)
    if customer is None:
        raise Http404
    return customer


def _contact(request: HttpRequest, public_id: str) -> Contact:
    return get_object_or_404(Contact.objects.visible_to(request.member).select_related("customer"), public_id=public_id)


def _with_counts(member: Member) -> Any:
    """Customers with how many contacts and conversations they have, as far as the member sees them."""
    said = (
        Conversation.objects.visible_to(member)
        .annotate(speaker=Coalesce("customer", "contact__customer"))
        .filter(speaker=OuterRef("pk"))
        .order_by()
        .values("speaker")
        .annotate(number=Count("pk"))
        .values("number")
    )
    people = (
        Contact.objects.visible_to(member)
        .filter(customer=OuterRef("pk"))
        .order_by()
        .values("customer")
        .annotate(number=Count("pk"))
        .values("number")
    )
    return Customer.objects.visible_to(member).annotate(
        conversation_count=Coalesce(Subquery(said), 0), contact_count=Coalesce(Subquery(people), 0)
    )


PAGES = PreparedPages(Customer, lambda member: as_rows(_with_counts(member)))


def _of(customer: Customer, path: str = "") -> Q:
    """The condition that a conversation, at the end of `path`, is this customer's or one of its contacts'."""
    return Q(**{f"{path}customer": customer}) | Q(**{f"{path}customer": None, f"{path}contact__customer": customer})


def _conversations(member: Member, customer: Customer) -> Any:
    rows = Conversation.objects.visible_to(member).filter(_of(customer)).order_by("-received_at", "-pk")
    return said_rows(rows)[:SHOWN]


def _insights(member: Member, customer: Customer) -> Any:
    rows = Insight.objects.visible_to(member).filter(_of(customer, "conversation__"))
    return asked_rows(rows.order_by(F("importance").desc(), "-pk"))[:SHOWN]


def _contracts(member: Member, customer: Customer) -> Any:
    return CustomerProduct.objects.visible_to(member).filter(customer=customer).select_related("product")


ONE = Prepared(lambda member, public_id: Customer.objects.visible_to(member).filter(public_id=public_id))
SAID, ASKED = Prepared(_conversations), Prepared(_insights)
CONTRACTS = Prepared(_contracts)
CONTACTS = Prepared(lambda member, customer: Contact.objects.visible_to(member).filter(customer=customer)[:200])


def _whole(request: HttpRequest, customer: Customer, contract_form: ContractForm | None = None) -> dict[str, Any]:
    member, today = request.member, request.workspace.today()
    together = Together.of_page(request)
    contracts, contacts = together.ask(CONTRACTS, member, customer), together.ask(CONTACTS, member, customer)
    saying, asking = together.ask(SAID, member, customer), together.ask(ASKED, member, customer)
    changeable = together.ask(CHANGEABLE, member, variant=(Role.MANAGER,))()
    said, asked, form = saying(), asking(), contract_form or ContractForm()
    form.fields["product"].choices = [("", "---------"), *changeable]  # type: ignore[attr-defined]
    return {
        "customer": customer,
        "contracts": contracts(),
        "contract_form": form,
        "may_price": bool(changeable),
        "contacts": contacts(),
        "conversations": draw_said(said, request.workspace.slug, today),
        "conversation_count": said[0].all if said else 0,
        "insights": draw_asked(asked, request.workspace.slug),
        "insight_count": asked[0].all if asked else 0,
        "may_edit": member.may(Role.MANAGER),
        "may_add": may_add(request),
    }


def _to(request: HttpRequest, customer: Customer) -> HttpResponse:
    return redirect("feedback:customer", request.workspace.slug, customer.public_id)


def _say(request: HttpRequest, text: str, change_id: int) -> None:
    messages.success(request, text, extra_tags=reverse("changes:undo", args=[request.workspace.slug, change_id]))
