from __future__ import annotations

from typing import Any

from django import template
from django.utils.safestring import SafeString

from discussion.feed import Feed
from discussion.models import Comment, Thread
from discussion.views.attachments import attachments_of
from discussion.views.threads import thread_context
from ui.templatetags.ui import today_of

register = template.Library()


@register.inclusion_tag("discussion/_thread.html", takes_context=True)
def discussion(context: template.Context, thread: Thread) -> dict[str, Any]:
    """The comments of a thread that the page's view has fetched within the member's reach, with its `talk` if it read that."""
    request = context["request"]
    csrf = {"csrf_token": context.get("csrf_token")}
    return {"request": request, "thread": thread, **csrf, **thread_context(thread, request.member, context.get("talk"))}


@register.inclusion_tag("discussion/_attachments.html", takes_context=True)
def attachments(context: template.Context, thread: Thread) -> dict[str, Any]:
    """The files of a thread that the page's view has fetched within the member's reach, with its `talk` if it read that."""
    request = context["request"]
    csrf = {"csrf_token": context.get("csrf_token")}
    return {"request": request, **csrf, **attachments_of(thread, request.member, context.get("talk"))}


@register.simple_tag
def comment_author(comment: Comment) -> str:
    return comment.author.name if comment.author is not None else comment.author_label or "Cradle"


@register.simple_tag(takes_context=True)
def feed(context: template.Context, comments: Comment | list[Comment]) -> SafeString:
    """Comments of `thread` as its reader sees them."""
    drawn = Feed(
        context["thread"],
        context["request"].member,
        today_of(context),
        may_comment=bool(context["may_comment"]),
        token=str(context.get("csrf_token", "")),
        opened=context.get("opened"),
        edits=context.get("edits"),
    )
    return drawn.draw(comments if isinstance(comments, list) else [comments])
