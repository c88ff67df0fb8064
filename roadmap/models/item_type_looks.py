"""What a type of items can be: its kind, which alone has a meaning for the program, its picture and its colour."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class TypeKind(models.TextChoices):
    """What a type is, whatever it is called: only an epic has items under it, and imports look for the others."""

    EPIC = "epic", _("Epic")
    FEATURE = "feature", _("Feature")
    IMPROVEMENT = "improvement", _("Improvement")
    BUG = "bug", _("Bug")
    DISCOVERY = "discovery", _("Discovery")


class Tone(models.TextChoices):
    NEUTRAL = "neutral", _("Grey")
    ACCENT = "accent", _("Blue")
    OK = "ok", _("Green")
    WARN = "warn", _("Amber")
    BAD = "bad", _("Red")


class Picture(models.TextChoices):
    LAYERS = "layers", _("Layers")
    SPARKLES = "sparkles", _("Sparkles")
    TRENDING_UP = "trending-up", _("Rising line")
    BUG = "bug", _("Bug")
    MICROSCOPE = "microscope", _("Microscope")
    LIGHTBULB = "lightbulb", _("Light bulb")
    HAMMER = "hammer", _("Hammer")
    SHIELD = "shield", _("Shield")
    SCALE = "scale", _("Scales")
    ZAP = "zap", _("Flash")
    ROCKET = "rocket", _("Rocket")
    FLAG = "flag", _("Flag")
    PACKAGE = "package", _("Parcel")
    FILE = "file-text", _("Document")
    PUZZLE = "puzzle", _("Puzzle piece")
    USERS = "users", _("People")
    CODE = "code", _("Code")
    GLOBE = "globe", _("Globe")
    CHECK = "square-check", _("Tick")
    STAR = "star", _("Star")


#: kind, whose word is the key and the name too; picture, tone
READY_MADE = (
    (TypeKind.EPIC, Picture.LAYERS, Tone.ACCENT),
    (TypeKind.FEATURE, Picture.SPARKLES, Tone.OK),
    (TypeKind.IMPROVEMENT, Picture.TRENDING_UP, Tone.NEUTRAL),
    (TypeKind.BUG, Picture.BUG, Tone.BAD),
    (TypeKind.DISCOVERY, Picture.MICROSCOPE, Tone.WARN),
)
