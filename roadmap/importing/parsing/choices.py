"""Fields whose words stand for one of a few things that the workspace knows: statuses, types, people, horizons."""

from django.utils.translation import gettext as _

from roadmap.importing.fields import Field
from roadmap.importing.mapping import DROPPED, DROPPED_UNLESS_SHIPPED
from roadmap.importing.parsing.cells import Cells, Fault
from roadmap.importing.values import short
from roadmap.importing.vocabulary import AUDIENCES, HORIZONS, lead_parts, plain


def status(cells: Cells) -> str:
    mapping = cells.mapping
    value = cells.take(Field.STATUS)
    status = mapping.status_values.get(value, mapping.default_status)
    cells.keep_words(Field.STATUS, value, status)
    resolution = cells.take(Field.RESOLUTION)
    effect = mapping.resolution_values.get(resolution)
    shipped = status in mapping.shipped_statuses
    if effect == DROPPED or (effect == DROPPED_UNLESS_SHIPPED and not shipped):
        status = mapping.dropped_status
    cells.keep_words(Field.RESOLUTION, resolution, "")
    return status


def item_type(cells: Cells, tags: tuple[str, ...]) -> str:
    mapping = cells.mapping
    value = cells.take(Field.TYPE)
    by_tag = next((mapping.type_tags[tag] for tag in tags if tag in mapping.type_tags), None)
    found = mapping.type_values.get(value) or by_tag or mapping.default_type
    cells.keep_words(Field.TYPE, value, found)
    return found


def lead(cells: Cells) -> str | None:
    """The first person named whom the workspace knows; the words stay, unless they are that e-mail."""
    value, known = cells.take(Field.LEAD), cells.mapping.lead_values
    found = next((known[one] for one in lead_parts(value) if one in known), None)
    if found is None or len(lead_parts(value)) > 1:
        cells.keep_words(Field.LEAD, value, found or "")
    return found


def horizon(cells: Cells) -> str:
    value = cells.take(Field.HORIZON)
    found = HORIZONS.get(plain(value), "")
    cells.keep_words(Field.HORIZON, value, found)
    return found


def is_internal(cells: Cells) -> bool | None:
    """None where nothing is said, so that a file brought in again shows nobody what was hidden since. Other words are no guess."""
    value = cells.take(Field.INTERNAL)
    if not value.strip():
        return None
    found = AUDIENCES.get(plain(value))
    if found is None:
        raise Fault(_("“%(word)s” is neither yes nor no.") % {"word": short(value)}, cells.header(Field.INTERNAL))
    return found
