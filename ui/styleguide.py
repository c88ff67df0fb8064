"""Every component in each state, on one page; look at it in light and dark before you finish."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import public
from ui import contrast, stages

SWATCHES = (
    *("canvas", "surface", "surface-sunken", "surface-hover", "surface-active", "surface-raised", "border"),
    *("border-strong", "border-control", "text-3", "text-2", "text", "ink", "accent", "accent-solid", "accent-soft"),
    *("ok", "ok-soft", "warn", "warn-soft", "bad", "bad-soft"),
)
TYPE = (
    ("fs-30", "Vision, Newsreader 30", "serif"),
    ("fs-40", "Display 40", "strong"),
    ("fs-30", "Product name 30", "strong"),
    ("fs-24", "Page title 24", "strong"),
    ("fs-20", "Column title 20", "strong"),
    ("fs-17", "Drawer title 17", "strong"),
    ("fs-15", "Section title 15", "strong"),
    ("fs-14", "Body 14, the default", ""),
    ("fs-13", "Interface 13: tables, controls, lists", ""),
    ("fs-12", "Meta 12: dates, counts, hints", ""),
    ("fs-11", "Smallest 11: group labels only", "medium"),
)
STATUSES = (
    ("Idea", "proposed", None),
    ("Shaping", "shaping", None),
    ("Ready", "ready", None),
    ("In build", "building", 0.5),
    ("In review", "building", 0.75),
    ("Shipped", "shipped", None),
    ("Won’t do", "dropped", None),
)
GATES = (
    {"number": 1, "state": "go", "label": "Gate 1", "date": "Mar 2025", "url": "#gate-1"},
    {"number": 2, "state": "go", "label": "Gate 2", "date": "Jul 2025", "url": "#gate-2"},
    {"number": 3, "state": "cond", "label": "Gate 3", "date": "Sep 2026", "url": "#gate-3"},
    {"number": 4, "state": "due", "label": "Gate 4", "date": "5 Jan", "url": "#gate-4"},
    {"number": 5, "state": "none", "label": "Gate 5", "date": "no date", "url": ""},
)
NOTES = ("Jan – Mar 2025", "Mar – Jul 2025", "Jul 2025 – Sep 2026", "Since 18 Sep 2026", "Planned March", "")
TEXT = "Draw the **closure**, see *every* affected route:\n\n- select trucks\n- compare `ETA`\n\n> One plan, one step."


class ExampleForm(forms.Form):
    title = forms.CharField(initial="Bulk re-plan after a road closure", help_text="Say what the user can do, not how.")
    effort = forms.DecimalField(
        label="Effort, person-weeks",
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),  # a number input would lose what was typed wrong
        error_messages={"invalid": "Enter a number, for example 5 or 2.5."},
    )
    release = forms.ChoiceField(choices=[("", "Not planned"), ("6.0", "6.0 Control tower")], required=False)
    why = forms.CharField(label="Why now", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    everybody = forms.BooleanField(label="Tell everybody who voted", required=False)
    audience = forms.ChoiceField(
        label="Who can open it",
        choices=[("link", "Only people with the link"), ("all", "Anyone on the internet")],
        widget=forms.RadioSelect,
    )


@public
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    form = ExampleForm({"title": "Bulk re-plan after a road closure", "effort": "five", "audience": "link"})
    form.is_valid()
    return render(request, "ui/styleguide.html", {"form": form, **_lists(), **_colours()})


def _lists() -> dict[str, Any]:
    return {
        "swatches": SWATCHES,
        "type": TYPE,
        "statuses": STATUSES,
        "gates": GATES,
        "notes": NOTES,
        "text": TEXT,
        "trend": (61, 62, 64, 63, 66, 68, 69, 71, 72, 74, 77, 78),
        "spaces": ("1", "2", "3", "4", "5", "6", "8", "10", "12"),
    }


def _colours() -> dict[str, Any]:
    tokens = contrast.read_tokens(contrast.TOKENS.read_text())
    return {
        "stages": [
            {
                "key": stage.key,
                "name": stage.name,
                "icon": stage.icon,
                "number": stage.number,
                "text": _ratios(tokens, f"{stage.colour}-text"),
                "graphic": _ratios(tokens, stage.colour),
            }
            for stage in stages.STAGES
        ],
        "visions": [
            {
                "name": vision,
                "seen": [_seen(tokens, stage, vision) for stage in stages.STAGES],
            }
            for vision in ("normal", *contrast.VISION)
        ],
    }


def _ratios(tokens: dict[str, tuple[str, str]], name: str) -> str:
    values = [
        contrast.ratio(contrast.rgb(tokens[name][i]), contrast.rgb(tokens["surface"][i]))
        for i in range(len(contrast.THEMES))
    ]
    return " / ".join(f"{value:.2f}" for value in values)


def _seen(tokens: dict[str, tuple[str, str]], stage: stages.Stage, vision: str) -> dict[str, str]:
    light, dark = (contrast.as_seen(contrast.rgb(code), vision) for code in tokens[stage.colour])
    return {"icon": stage.icon, "light": _code(light), "dark": _code(dark)}


def _code(colour: contrast.Colour) -> str:
    return "#" + "".join(f"{round(channel * 255):02x}" for channel in colour)
