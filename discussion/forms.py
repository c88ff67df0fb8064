"""Parsing only: what a person typed becomes values for the verbs."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from changes.forms import EditForm
from discussion.models import Comment, Preference, When


class CommentForm(EditForm):
    """Markdown of up to 20,000 characters, not empty."""

    class Meta:
        model = Comment
        fields = ["body"]
        widgets = {"body": forms.Textarea(attrs={"rows": 3, "placeholder": _("Comment, or @mention someone")})}
        error_messages = {"body": {"required": _("Write something first.")}}


class PreferenceForm(forms.ModelForm):
    class Meta:
        model = Preference
        fields = ["mention", "assignment", "sign_off", "comment", "job"]
        widgets = dict.fromkeys(fields, forms.RadioSelect)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for field in self.fields.values():
            field.choices = When.choices  # type: ignore[attr-defined]
