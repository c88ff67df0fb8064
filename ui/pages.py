"""One view, one URL, two sizes: the page for a browser, its inner part for an htmx swap."""

from typing import Any

from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import reswap, retarget, trigger_client_event

from ui.templatetags.apart import keep_apart, put_in

REDO = "redo "  # before the URL of a message that turns an undoing back


def render_page(
    request: HttpRequest,
    template: str,
    context: dict[str, Any] | None = None,
    status: int = 200,
    *,
    aim: str | None = None,
) -> HttpResponse:
    """Renders `items/board.html`, or its sibling `items/_board.html` when htmx asks for a part.

    Plain, boosted and history-restore requests get the full page. A template whose own name starts with an
    underscore is a part in any case. `aim` sends an answer that refuses (422, 409) back to where it came from:
    "this" is the form or element that asked, anything else a CSS selector; that element is replaced by the
    same element of the answer.
    """
    chosen = fragment_of(template) if wants_fragment(request) else template
    keep_apart(request)
    response = render(request, chosen, context, status=status)
    put_in(request, response)
    patch_vary_headers(response, ["HX-Request"])
    if aim and is_htmx(request):
        retarget(response, aim)
        reswap(response, "outerHTML")
        if aim != "this":
            response["HX-Reselect"] = aim
    return response


def in_dialog(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """The inside of a dialog, whose form is #task-form: what it refused is answered into the place of its form, whatever page lies below."""
    return render_page(request, template, context, status, aim="#task-form" if status != 200 else None)


def lead_to(request: HttpRequest, to: Any, *args: Any) -> HttpResponse:
    """On to another page after a form was sent, also where htmx sent it from a dialog: then the whole page changes."""
    if not is_htmx(request):
        return redirect(to, *args)
    return HttpResponse(status=204, headers={"HX-Redirect": resolve_url(to, *args)})


def page_before(request: HttpRequest) -> str:
    """The address of the page from which a request came, if it is ours; else nothing."""
    here = request.headers.get("Referer", "")
    own = url_has_allowed_host_and_scheme(here, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return here if own else ""


def is_htmx(request: HttpRequest) -> bool:
    return bool(getattr(request, "htmx", False))


def wants_fragment(request: HttpRequest) -> bool:
    htmx = getattr(request, "htmx", None)
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def fragment_of(template: str) -> str:
    folder, _, name = template.rpartition("/")
    if name.startswith("_"):
        return template
    return f"{folder}/_{name}" if folder else f"_{name}"


def toast(
    response: HttpResponse,
    text: str,
    *,
    tone: str = "ok",
    undo: str = "",
    redo: str = "",
    then: tuple[str, str] | None = None,
) -> HttpResponse:
    """Shows `text` in the browser that htmx answers; `undo` is a URL that is posted by the toast's button, `redo` one that turns an
    undoing back, `then` the words and the URL of another one."""
    event: dict[str, Any] = {"text": str(text), "tone": tone}
    if undo:
        event["undo"] = undo
    if redo:
        event["redo"] = redo
    if then is not None:
        event["then"] = {"label": str(then[0]), "url": then[1]}
    return trigger_client_event(response, "toast", {"toasts": [event]})


def pending_toasts(request: HttpRequest) -> list[dict[str, Any]]:
    """The messages waiting for this person, taken out of their queue. `extra_tags` may carry an undo URL, or after “redo ” one that
    turns an undoing back."""
    return [toast_of(message) for message in get_messages(request)]


def toast_of(message: Any) -> dict[str, Any]:
    tone = {"error": "bad", "warning": "warn"}.get(message.level_tag, "ok")
    event: dict[str, Any] = {"text": str(message), "tone": tone}
    if message.extra_tags and message.extra_tags.startswith("/"):
        event["undo"] = message.extra_tags
    elif message.extra_tags and message.extra_tags.startswith(REDO):
        event["redo"] = message.extra_tags.removeprefix(REDO)
    return event
