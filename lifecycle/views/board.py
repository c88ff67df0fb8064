"""The page of all products by stage; see lifecycle/board.py."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from accounts.access import member_required
from accounts.roles import Role
from lifecycle.board import Drawing, log, reviews
from lifecycle.standing import standings
from products.views.portfolio import visible_products
from ui.pages import render_page


@member_required()
def board(request: HttpRequest) -> HttpResponse:
    products = visible_products(request)
    found = list(standings(request.member, products).values())
    drawing = Drawing(request.workspace.slug, request.workspace.today())
    return render_page(
        request,
        "lifecycle/board/board.html",
        {
            "columns": drawing.columns(found),
            "reviews": drawing.reviews(reviews(found)),
            "log": drawing.log(log(request.member)),
            "has_products": bool(products),
            "may_add": request.member.may(Role.MANAGER),
        },
    )
