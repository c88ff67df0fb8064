"""What forms of several nouns have in common: which products can be chosen, and a whole form around a field that was sent."""

from __future__ import annotations

from typing import TypeVar

from accounts.prepared import Prepared
from changes.forms import EditForm
from products.models import Product

F = TypeVar("F", bound=EditForm)
#: Products at which a member has a role or more, as choices.
CHANGEABLE = Prepared(lambda member, role: Product.objects.changeable_by(member, role).values_list("key", "name"))


def completed(whole: F, sent: F) -> F:
    """`whole` shows all fields of the row, with what was typed in those that were sent, and what is wrong with it."""
    whole.initial.update({name: sent.data.get(name) for name in sent.fields})
    whole._errors = sent.errors  # type: ignore[attr-defined]
    return whole
