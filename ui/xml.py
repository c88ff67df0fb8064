"""Texts for XML: feeds and pictures. Pure."""

from __future__ import annotations

import re

#: What XML 1.0 does not have, not even escaped; a text that people type may.
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def writable(text: str) -> str:
    """Without the characters that make a whole file unreadable."""
    return UNWRITABLE.sub("", text)
