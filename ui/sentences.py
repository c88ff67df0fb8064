"""What a form says of what was typed, in our words: Django's own sentences name a rule (“Ensure this value is less than or equal to
100.”), ours say what to do.

Put in the place of Django's while apps are being found: fields copy these sentences when their forms and models are read.
"""

from __future__ import annotations

from django import forms
from django.core import validators
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

GONE = _("This choice is not there any more. Choose another.")
A_DAY = _("Enter a day, such as 2026-12-31.")
A_FILE = _("Choose a file.")

FIELDS: dict[type, dict[str, object]] = {
    forms.Field: {"required": _("Fill this in.")},
    forms.BooleanField: {"required": _("Tick this to go on.")},
    forms.ChoiceField: {"required": _("Choose one."), "invalid_choice": GONE},
    forms.MultipleChoiceField: {"required": _("Choose at least one."), "invalid_choice": GONE, "invalid_list": GONE},
    forms.ModelChoiceField: {"required": _("Choose one."), "invalid_choice": GONE},
    forms.ModelMultipleChoiceField: {
        "required": _("Choose at least one."), "invalid_choice": GONE, "invalid_list": GONE, "invalid_pk_value": GONE,
    },
    forms.IntegerField: {"invalid": _("Enter a whole number.")},
    forms.DateField: {"invalid": A_DAY},
    forms.DateTimeField: {"invalid": _("Enter a day and a time, such as 2026-12-31 14:30.")},
    forms.TimeField: {"invalid": _("Enter a time, such as 14:30.")},
    forms.URLField: {"invalid": _("Enter a web address, such as https://example.com.")},
    forms.FileField: {
        "required": A_FILE, "invalid": A_FILE, "missing": A_FILE,
        "empty": _("This file is empty. Choose another."),
        "max_length": _("The name of this file has %(length)d characters, at most %(max)d fit. Rename it."),
    },
    models.Field: {
        "blank": _("Fill this in."), "null": _("Fill this in."), "invalid_choice": GONE,
        "unique": _("There is one with this %(field_label)s already. Choose another."),
    },
    models.DateField: {"invalid": A_DAY, "invalid_date": _("There is no such day. Enter another.")},
}  # fmt: skip

VALIDATORS: dict[type, object] = {
    validators.MaxValueValidator: _("Enter %(limit_value)s or less."),
    validators.MinValueValidator: _("Enter %(limit_value)s or more."),
    validators.StepValueValidator: _("Enter a multiple of %(limit_value)s."),
    validators.MaxLengthValidator: ngettext_lazy(
        "At most %(limit_value)d character fits here, this has %(show_value)d. Shorten it.",
        "At most %(limit_value)d characters fit here, this has %(show_value)d. Shorten it.",
        "limit_value",
    ),
    validators.MinLengthValidator: ngettext_lazy(
        "Write at least %(limit_value)d character.", "Write at least %(limit_value)d characters.", "limit_value"
    ),
    validators.URLValidator: _("Enter a web address, such as https://example.com."),
    validators.EmailValidator: _("Enter a mail address, such as name@example.com."),
    validators.ProhibitNullCharactersValidator: _(
        "This text contains a character that cannot be stored. Type it again."
    ),
}

DIGITS = {
    "invalid": _("Enter a number."),
    "max_digits": ngettext_lazy("At most %(max)s digit fits here.", "At most %(max)s digits fit here.", "max"),
    "max_decimal_places": ngettext_lazy(
        "At most %(max)s digit after the point.", "At most %(max)s digits after the point.", "max"
    ),
    "max_whole_digits": ngettext_lazy(
        "At most %(max)s digit before the point.", "At most %(max)s digits before the point.", "max"
    ),
}


def put_in_place() -> None:
    for kind, said in FIELDS.items():
        # A class of its own dictionary: what it inherits must not change for its sisters.
        kind.default_error_messages = {**kind.__dict__.get("default_error_messages", {}), **said}  # type: ignore[attr-defined]
    for validator, sentence in VALIDATORS.items():
        validator.message = sentence  # type: ignore[attr-defined]
    validators.DecimalValidator.messages.update(DIGITS)  # type: ignore[arg-type]
