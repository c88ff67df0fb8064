"""Public ids: database ids never leave the server."""

from __future__ import annotations

import secrets
from typing import Any

from django.db import models


def new_public_id() -> str:
    """128 random bits, 22 characters."""
    return secrets.token_urlsafe(16)


class PublicIdField(models.CharField):
    """What addresses, forms and the API call a row that has no natural key of its own."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": 22, "default": new_public_id, "unique": True, "editable": False, **options})
