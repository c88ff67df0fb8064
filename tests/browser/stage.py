"""A small page on which the custom elements are tried: a table with an inline edit, a rank, a comment form."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path
from django_htmx.http import trigger_client_event

from accounts.access import public
from config.urls import *  # noqa: F403  the handlers, and all real addresses below
from ui.pages import toast

PAGE = (
    """{% extends "layouts/app.html" %}{% load ui %}{% block title %}Stage{% endblock %}
{% block crumbs %}{% crumbs "Stage" %}{% endblock %}
{% block main %}<div class="page"><h2>Rank</h2>
<div id="ranks" data-live="item:*"><c-sortable data-url="/stage/rank/"><ol data-list="backlog" aria-label="Backlog" class="list">
{% for one in order %}<li data-id="{{ one }}" data-name="{{ one }}" data-row><button class="grab" type="button" data-grab
aria-label="Move {{ one }}">{% icon "grip-vertical" %}</button><a href="#{{ one }}">{{ one }}</a><input type="checkbox"
data-tick aria-label="Select {{ one }}"></li>{% endfor %}</ol></c-sortable></div>
<div class="bulk" data-bulk hidden><span><b data-bulk-count>0</b> selected</span></div>
<h2>Edit</h2>"""
    + "{% include cell %}"
    + """
<h2>Comment</h2><form method="post" action="/stage/comment/" id="comment" data-draft>{% csrf_token %}
<label for="text">Comment</label><textarea class="textarea" id="text" name="text"></textarea><button class="btn">Send</button></form>
<button class="btn" type="button" hx-post="/stage/refuse/" hx-swap="none">Refuse</button>
<button class="btn" type="button" hx-post="/stage/move/" hx-swap="none">Move it</button>
<button class="btn" type="button" data-key="c" data-dialog="box">New thing</button>
<div role="tablist" aria-label="Parts"><button role="tab" aria-selected="true" aria-controls="one" type="button">One</button><button
role="tab" aria-selected="false" tabindex="-1" aria-controls="two" type="button">Two</button></div>
<div id="one" role="tabpanel">First panel</div><div id="two" role="tabpanel" hidden>Second panel</div>
</div>{% endblock %}
{% block overlays %}{{ block.super }}<dialog class="dialog" id="box" aria-label="New thing"><button type="button" class="btn"
data-close>Close it</button></dialog>{% endblock %}"""
)

SIGN_IN = """{% extends "layouts/auth.html" %}{% block heading %}Sign in{% endblock %}"""

CELL = """{% load ui %}<c-edit id="effort"{% if open %} open{% endif %}><form method="post" action="/stage/edit/"
hx-post="/stage/edit/" hx-target="closest c-edit" hx-swap="outerHTML">{% csrf_token %}<button class="cell-edit" type="button"
data-show aria-label="Effort {{ effort }}, edit">{{ effort }}</button><input class="cell-edit" data-input name="effort"
value="{{ typed|default:effort }}" aria-label="Effort"{% if error %} aria-invalid="true" aria-describedby="effort-error"{% endif %}>
{% if error %}<span class="field__error" id="effort-error">{{ error }}</span>{% endif %}</form></c-edit>"""


class State:
    """What the stage remembers between requests; a test resets it."""

    def __init__(self) -> None:
        self.order = ["Alpha", "Beta", "Gamma"]
        self.posts: list[dict[str, str]] = []
        self.effort = "5"
        self.undone = 0


state = State()


def draw(request: HttpRequest, source: str, status: int = 200, **context: object) -> HttpResponse:
    engine = engines["django"]
    known = {"order": state.order, "effort": state.effort, "cell": engine.from_string(CELL).template}
    return HttpResponse(engine.from_string(source).render({**known, **context}, request), status=status)


@public
def stage(request: HttpRequest) -> HttpResponse:
    return draw(request, PAGE)


@public
def rank(request: HttpRequest) -> HttpResponse:
    state.posts.append(request.POST.dict())
    if request.POST["moved"] == "Gamma":
        return HttpResponse("Gamma waits for Beta and cannot stand before it.", status=422, content_type="text/plain")
    state.order.remove(request.POST["moved"])
    after = request.POST["after"]
    state.order.insert(state.order.index(after) + 1 if after else 0, request.POST["moved"])
    return toast(HttpResponse(status=204), f"{request.POST['moved']} moved", undo="/stage/undo/")


@public
def edit(request: HttpRequest) -> HttpResponse:
    typed = request.POST["effort"]
    state.posts.append(request.POST.dict())
    if typed == "9":
        return draw(request, CELL, 409, open=True, typed=typed, error="Jonas made it 7. Yours is 9.")
    if not typed.isdigit():
        return draw(request, CELL, 422, open=True, typed=typed, error="Enter a number, for example 5.")
    state.effort = typed
    return draw(request, CELL)


@public
def comment(request: HttpRequest) -> HttpResponse:
    state.posts.append(request.POST.dict())
    if request.POST["text"] == "expired":
        return draw(request, SIGN_IN)
    return draw(request, PAGE)


@public
def refuse(request: HttpRequest) -> HttpResponse:
    return HttpResponse("Your role does not allow this. Ask an admin.", status=403, content_type="text/plain")


@public
def move(request: HttpRequest) -> HttpResponse:
    return toast(HttpResponse(status=204), "Moved to 5.3", undo="/stage/undo/")


@public
def undo(request: HttpRequest) -> HttpResponse:
    """Nothing on the stage hears of what was undone: so the page comes anew."""
    state.undone += 1
    answer = toast(HttpResponse(status=204), "Undone", redo="/stage/undo/")
    return trigger_client_event(answer, "undone", {"changed": [["stone", "*"]]})


urlpatterns = [
    path("stage/", stage),
    path("stage/rank/", rank),
    path("stage/edit/", edit),
    path("stage/comment/", comment),
    path("stage/refuse/", refuse),
    path("stage/move/", move),
    path("stage/undo/", undo),
    path("", include("config.urls")),
]
