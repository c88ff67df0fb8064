"""Addresses of a roadmap that differ in one thing from the one that is shown."""

from typing import Any

from django import template
from django.http import QueryDict

from roadmap.plans.designs import PARAMETERS, usual_lanes

register = template.Library()


@register.simple_tag(takes_context=True)
def plan_address(context: template.Context, **changed: Any) -> str:
    """The address of this roadmap with these parameters instead: None takes one away."""
    query: QueryDict = context["query"].copy()
    for name in ("open", "column", "lane", "after"):
        query.pop(name, None)
    if "layout" in changed and query.get("lanes") == usual_lanes(context["layout"]):
        query.pop("lanes")  # nobody chose them for another layout
    for name, value in changed.items():
        if value is None:
            query.pop(name, None)
        else:
            query[name] = value
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def plan_address_clear(context: template.Context) -> str:
    """The address of this roadmap without its filters."""
    query: QueryDict = context["query"]
    kept = QueryDict(mutable=True)
    for name in (*PARAMETERS, "zoom", "at", "as_of"):
        if name in query:
            kept[name] = query[name]
    return f"?{kept.urlencode()}" if kept else f"{context['request'].path}?layout={context['layout']}"


@register.simple_tag(takes_context=True)
def plan_rest(context: template.Context) -> list[tuple[str, str]]:
    """What this address says besides days to look back on, for forms that choose one."""
    query: QueryDict = context["query"]
    return [(name, value) for name in query if name not in ("as_of", "compare") for value in query.getlist(name)]
