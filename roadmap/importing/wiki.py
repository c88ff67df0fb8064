"""Jira's wiki markup to Markdown.

Works on lines and never backtracks over the whole text, so that a hostile description costs what its length costs.
What it does not know it leaves as it stands.
"""

import re
from collections.abc import Iterator, Mapping

BLOCK = re.compile(r"\{(code|noformat|quote|panel|color|anchor)(?::([^}\n]{0,300}))?\}")
HEADING = re.compile(r"\s{0,3}h([1-6])\.\s+(.*)")
BULLETS = re.compile(r"\s{0,8}([*#-]{1,8})\s+(.*)")
RULE = re.compile(r"\s*-{4,5}\s*")
LINK = re.compile(r"\[([^\[\]\n|]{1,500})(?:\|([^\[\]\n|]{1,2000}))?(?:\|[^\[\]\n]{0,40})?\]")
MENTION = re.compile(r"\[(?:([^\[\]\n|]{1,200})\|)?~(?:accountid:)?([^\[\]\n|]{1,200})\]")
IMAGE = re.compile(r"!([^!\s|][^!\n|]{0,300}?)(?:\|[^!\n]{0,300})?!")
MONOSPACE = re.compile(r"\{\{((?:[^\n{}]|\{(?!\{)|\}(?!\})){1,500})\}\}")
ESCAPED = re.compile(r"\\([*_\-+^~?{}\[\]!|#])")
BREAK = re.compile(r"(?<=[^\\\s])\\\\(?!\\)|(?<!\\)\\\\(?=\s|$)")
BARE_URL = re.compile(r"(?:https?|ftp)://[^\s|\]\ue000]+")
TAG = re.compile(r"<(?=[A-Za-z/!?])")
BARE = r"(?<![\w{0}\\]){0}(?=\S)([^{1}\n]{{1,2000}}?)(?<=\S){0}(?![\w{0}])"
MARKS = (
    (re.compile(BARE.format(r"\*", r"*")), "\ue002"),
    (re.compile(BARE.format("_", "_")), "\ue003"),
    (re.compile(BARE.format(r"\+", "+")), ""),
    (re.compile(r"(?<![\w\-\\])-(?=[^\s\-])([^\-\n]{1,500})(?<=\S)-(?![\w\-])"), "~~"),
    (re.compile(BARE.format(r"\?\?", "?")), "\ue003"),
)
SAFE = ("http://", "https://", "mailto:", "ftp://", "file://", "tel:")
LANGUAGES = re.compile(r"[A-Za-z0-9+#._-]{1,30}")
# Four private-use characters stand for what is done until the line is put together again.
PRIVATE = re.compile("[\ue000-\ue003]")
KEPT = "\ue000{}\ue001"
KEPT_BACK = re.compile("\ue000([0-9]+)\ue001")


def to_markdown(text: str, names: Mapping[str, str] | None = None) -> str:
    """Markdown with the meaning of `text`, Jira wiki markup. Text without any markup comes back as it was.

    `names` are those of account ids, for mentions.
    """
    text = MENTION.sub(lambda match: mention(match, names or {}), PRIVATE.sub("", text))
    out: list[str] = []
    for name, argument, body in blocks(text):
        if name in ("code", "noformat"):
            out.append(fenced(body, argument if name == "code" else ""))
        elif name == "quote":
            out.append(separated(quoted(lines_to_markdown(body.strip("\n")))))
        elif name == "panel":
            out.append(separated(panel(argument, lines_to_markdown(body.strip("\n")))))
        else:
            out.append(lines_to_markdown(body))
    return re.sub(r"\n{3,}", "\n\n", "".join(out)).strip("\n")


def mention(match: re.Match[str], names: Mapping[str, str]) -> str:
    account = match[2]
    return "@" + PRIVATE.sub("", names.get(account, match[1] or account))


def blocks(text: str) -> Iterator[tuple[str, str, str]]:
    """The text in order, as (block name or "", its argument, its body); an unclosed block is plain text."""
    closers = closing_places(text)
    start = at = 0
    while match := BLOCK.search(text, at):
        name = match[1]
        if name in ("color", "anchor"):  # these only lose their marks
            yield "", "", text[start : match.start()]
            start = at = match.end()
            continue
        end = next_after(closers[name], match.end())
        if end is None:
            at = match.end()
            continue
        yield "", "", text[start : match.start()]
        yield name, match[2] or "", text[match.end() : end]
        start = at = end + len(name) + 2
    yield "", "", text[start:]


def closing_places(text: str) -> dict[str, list[int]]:
    """Where each block may close, the last first, so that looking for the next is a pop."""
    return {
        name: [match.start() for match in re.finditer(r"\{" + name + r"\}", text)][::-1]
        for name in ("code", "noformat", "quote", "panel")
    }


def next_after(places: list[int], at: int) -> int | None:
    while places and places[-1] < at:
        places.pop()
    return places.pop() if places else None


def fenced(body: str, argument: str) -> str:
    language = next((part for part in argument.split("|") if "=" not in part), "").strip()
    if not LANGUAGES.fullmatch(language):
        language = ""
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall(r"`+", body)), default=0))
    return separated(f"{fence}{language}\n{body.strip(chr(10))}\n{fence}")


def separated(block: str) -> str:
    return f"\n\n{block}\n\n"


def quoted(text: str) -> str:
    return "\n".join("> " + line if line else ">" for line in text.split("\n"))


def panel(argument: str, body: str) -> str:
    title = next((part[6:].strip() for part in argument.split("|") if part.startswith("title=")), "")
    return quoted(f"**{title}**\n\n{body}" if title else body)


def lines_to_markdown(text: str) -> str:
    """Line by line, with an empty line wherever one kind of line follows another, as Markdown wants it."""
    out: list[str] = []
    before = "blank"
    for line in text.split("\n"):
        kind, markdown = line_to_markdown(line)
        if kind != before and "blank" not in (kind, before):
            out.append("")
        if kind == "row" and before != "row":
            out.extend(table_start(line))
            if not line.lstrip().startswith("||"):
                out.append(markdown)
        else:
            out.append(markdown)
        before = kind
    return "\n".join(out)


def line_to_markdown(line: str) -> tuple[str, str]:
    """The kind of the line, and what it becomes."""
    bare = line.lstrip()
    if not bare:
        return "blank", line
    if RULE.fullmatch(line):
        return "rule", "---"
    if bare.startswith("|") and line.count("|") > 1:
        return "row", table_row(line)
    if heading := HEADING.fullmatch(line):
        return "heading", "#" * int(heading[1]) + " " + inline(heading[2].strip())
    if bullet := BULLETS.fullmatch(line):
        return "list", list_line(bullet[1], bullet[2])
    if bare.startswith("bq. "):
        return "quote", "> " + inline(bare[4:].strip())
    return "text", inline(line)


def list_line(marks: str, rest: str) -> str:
    """Numbers are three wide, dashes two: the indent of a child is the width of its parents' marks."""
    indent = "".join("   " if mark == "#" else "  " for mark in marks[:-1])
    return f"{indent}{'1.' if marks[-1] == '#' else '-'} {inline(rest)}"


def table_start(line: str) -> list[str]:
    """The head that Markdown requires: Jira's own, or an empty one."""
    cells = row_cells(line)
    head = cells if line.lstrip().startswith("||") else [""] * len(cells)
    return ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]


def table_row(line: str) -> str:
    return "| " + " | ".join(row_cells(line)) + " |"


def row_cells(line: str) -> list[str]:
    """The cells of `||a||b||` or `|a|b|`; a bar inside a link is the link's."""
    kept: list[str] = []

    def keep(match: re.Match[str]) -> str:
        kept.append(match[0])
        return KEPT.format(len(kept) - 1)

    line = LINK.sub(keep, line.strip()).replace("||", "|").strip("|")
    cells = [KEPT_BACK.sub(lambda match: kept[int(match[1])], cell) for cell in line.split("|")]
    return [inline(cell.strip()).replace("|", "\\|") for cell in cells]


def inline(text: str) -> str:
    """Marks within a line. What must not be read again (code, links) waits under a private-use number."""
    if not any(mark in text for mark in "*_+-?{[!\\^~<"):
        return text
    kept: list[str] = []

    def keep(piece: str) -> str:
        kept.append(piece)
        return KEPT.format(len(kept) - 1)

    text = MONOSPACE.sub(lambda match: keep(code_span(match[1])), text)
    text = ESCAPED.sub(lambda match: keep("\\" + match[1]), text)
    text = IMAGE.sub(lambda match: keep(image(match)) if looks_like_image(match[1]) else match[0], text)
    text = LINK.sub(lambda match: keep(link(match)), text)
    text = BARE_URL.sub(lambda match: keep(match[0]), text)
    text = BREAK.sub("  \n", text)
    for pattern, mark in MARKS:
        text = pattern.sub(rf"{mark}\1{mark}", text)
    text = TAG.sub(r"\\<", text.replace("*", "\\*"))
    text = text.replace("\ue002", "**").replace("\ue003", "*")
    for _depth in range(3):  # a link may hold a code span
        text = KEPT_BACK.sub(lambda match: kept[int(match[1])], text)
    return text


def code_span(body: str) -> str:
    fence = "`" * (1 + max((len(run) for run in re.findall(r"`+", body)), default=0))
    pad = " " if body.startswith("`") or body.endswith("`") else ""
    return f"{fence}{pad}{body}{pad}{fence}"


def looks_like_image(name: str) -> bool:
    return "." in name or "://" in name


def image(match: re.Match[str]) -> str:
    """An attached picture is not in the file, so its name is what can be kept; one on the web becomes a link."""
    name = match[1].strip()
    return f"[{name}](<{name}>)" if name.startswith(SAFE) else f"*({name})*"


def link(match: re.Match[str]) -> str:
    words, target = match[1].strip(), (match[2] or "").strip()
    if not target:
        return lone_link(words) or match[0]
    if target.startswith(SAFE):
        return f"<{target}>" if words == target else f"[{words}](<{target}>)"
    return f"{words} ({target})" if target.startswith(("#", "^", "/")) or "." in target else match[0]


def lone_link(words: str) -> str:
    """Empty where brackets are just brackets."""
    if words.startswith(SAFE):
        return f"<{words}>"
    if words.startswith("^"):
        return f"*({words[1:]})*"
    return ""
