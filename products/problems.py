"""The problems of a product: how they are read, and the rows of their table on the strategy page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString

from accounts.models import Workspace
from accounts.prepared import Prepared
from products.cells import Cells
from products.goals import served
from products.models import Problem, Product
from ui import pieces

PROBLEMS = Prepared(lambda member, product: Problem.objects.visible_to(member).of(product).order_by("-pk"))


def problem_rows(problems: Iterable[Any], workspace: Workspace, product: Product, cells: Cells) -> SafeString:
    """Who has which problem, how big it is, its state and how many items serve it; the middle ones are cells."""
    address = pieces.address("products:problem", workspace.slug, product.key)
    drawn = []
    for one in problems:
        statement = escape(one.statement)
        middle = "".join(f"<td>{cells.draw(one, name)}</td>" for name in ("who", "how_big", "state"))
        drawn.append(
            f'<tr><td class="title"><a class="t-title" href="{address % one.public_id}" title="{statement}">'
            f'<span>{statement}</span></a></td>{middle}<td class="num">{served(one)}</td></tr>'
        )
    return pieces.joined(drawn)
