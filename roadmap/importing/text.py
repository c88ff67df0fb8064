"""From bytes to clean text: encodings, characters that cannot be stored, the guard against formulas."""

import re

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from roadmap.importing.errors import UnknownFormat

BOMS = (  # the longer first: UTF-32's begins with UTF-16's
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
# Everything below the space but tab, line feed and carriage return, and the halves of surrogate pairs.
UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
GUARDED = re.compile(r"'(?=[=+\-@\t\r])")
# What a person may choose when the guess was wrong; others, such as punycode, are no encodings of files.
ENCODINGS = (
    "utf-8", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1257",
    "iso-8859-15", "mac_roman", "shift_jis", "gb18030", "big5", "euc_kr",
)  # fmt: skip
BINARY = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"\x1f\x8b", "gzip"),
    (b"7z\xbc\xaf", "7-Zip"),
    (b"Rar!", "RAR"),
    (b"SQLite format 3", "SQLite"),
    (b"\x7fELF", "ELF"),
)


def decode(content: bytes, encoding: str | None = None) -> tuple[str, str, list[str]]:
    """Text, the name of its encoding, and notes for the person. `encoding` overrules what the bytes suggest."""
    refuse_binary(content)
    if encoding:
        return decode_as_told(content, encoding)
    for bom, name in BOMS:
        if content.startswith(bom):
            return decode_leniently(content, name)
    wide = wide_without_bom(content)
    if wide:
        return decode_leniently(content, wide)
    try:
        return content.decode("utf-8"), "utf-8", []
    except UnicodeDecodeError:
        return decode_leniently(content, "utf-8") if is_damaged_utf8(content) else decode_windows(content)


def decode_as_told(content: bytes, encoding: str) -> tuple[str, str, list[str]]:
    if encoding not in ENCODINGS:
        raise UnknownFormat(_("The encoding “%(name)s” is not known. Choose another.") % {"name": encoding[:40]})
    return decode_leniently(content, "utf-8-sig" if encoding == "utf-8" else encoding)


def decode_leniently(content: bytes, encoding: str) -> tuple[str, str, list[str]]:
    text = content.decode(encoding, errors="replace")
    lost = text.count("\ufffd")
    notes = []
    if lost:
        notes.append(
            ngettext(
                "%(count)d character could not be read and shows as �. The file may be damaged or cut off.",
                "%(count)d characters could not be read and show as �. The file may be damaged or cut off.",
                lost,
            )
            % {"count": lost}
        )
    return text, encoding, notes


def decode_windows(content: bytes) -> tuple[str, str, list[str]]:
    """Windows-1252, which leaves five bytes undefined; those are shown as �."""
    text, encoding, notes = decode_leniently(content, "cp1252")
    controls = sum(1 for character in text[:20_000] if character < " " and character not in "\t\r\n")
    if controls > len(text[:20_000]) / 20:
        raise UnknownFormat(not_text())
    return text, encoding, notes


def wide_without_bom(content: bytes) -> str | None:
    """UTF-16 without a byte order mark shows by its NULs: every second byte of Latin text is one."""
    sample = content[:4_000]
    if len(sample) < 8 or b"\0" not in sample:
        return None
    half = len(sample) / 2
    if sample[1::2].count(0) > half * 0.6 and sample[0::2].count(0) < half * 0.1:
        return "utf-16-le"
    if sample[0::2].count(0) > half * 0.6 and sample[1::2].count(0) < half * 0.1:
        return "utf-16-be"
    return None


def is_damaged_utf8(content: bytes) -> bool:
    """More whole characters beyond ASCII than broken ones: UTF-8 with a fault, rather than an older encoding."""
    text = content.decode("utf-8", errors="replace")
    lost = text.count("\ufffd")
    whole = sum(1 for character in text if character > "\x7f") - lost
    return whole > 2 * lost


def refuse_binary(content: bytes) -> None:
    for magic, name in BINARY:
        if content.startswith(magic):
            raise UnknownFormat(
                _("This is a %(name)s file. Cradle imports CSV, XLSX, and JSON from Trello or GitHub.") % {"name": name}
            )
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnknownFormat(
            _(
                "This is an old Excel file (.xls) or a workbook with a password. "
                "Save it as .xlsx without a password, or as CSV."
            )
        )


def refuse_markup(text: str) -> None:
    start = text[:2_000].lstrip().casefold()
    if start.startswith(("<!doctype html", "<html", "<table", "<head", "<meta")):
        raise UnknownFormat(
            _("This is a web page, whatever its name ends in. In Jira choose “Export CSV (all fields)”, not Excel.")
        )
    if start.startswith("<?xml") or start.startswith("<rss"):
        raise UnknownFormat(_("This is an XML file. Export it as CSV, or save it as XLSX."))
    if start.startswith("{\\rtf"):
        raise UnknownFormat(_("This is a text document (RTF). Save the table as CSV."))


def not_text() -> str:
    return _("This is neither text nor a workbook. Cradle imports CSV, XLSX, and JSON from Trello or GitHub.")


def clean(text: str) -> tuple[str, int]:
    """Without the characters that PostgreSQL or a spreadsheet cannot hold, with one kind of line end; and how many
    were left out."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.isascii() and text.isprintable():
        return text, 0
    return UNSTORABLE.subn("", text)


def unguard(cell: str) -> str:
    """Take back the apostrophe that an export put before what a spreadsheet would run as a formula."""
    return cell[1:] if cell.startswith("'") and GUARDED.match(cell) else cell


def guard(cell: str) -> str:
    """Put it there: the inverse of `unguard`, for every CSV we write."""
    return "'" + cell if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def left_out_note(count: int) -> list[str]:
    if not count:
        return []
    return [
        ngettext(
            "%(count)d control character that cannot be stored was left out.",
            "%(count)d control characters that cannot be stored were left out.",
            count,
        )
        % {"count": count}
    ]
