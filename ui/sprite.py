"""Joins ui/icons/*.svg into static/icons/sprite.svg. Run `python -m ui.sprite` after adding an icon."""

import re
from pathlib import Path

SOURCE = Path(__file__).parent / "icons"
SPRITE = Path(__file__).parent.parent / "static" / "icons" / "sprite.svg"
BODY = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)


def build() -> str:
    symbols = [_symbol(path) for path in sorted(SOURCE.glob("*.svg"))]
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "".join(symbols) + "</svg>\n"


def names() -> list[str]:
    return sorted(path.stem for path in SOURCE.glob("*.svg"))


def _symbol(path: Path) -> str:
    match = BODY.search(path.read_text())
    if match is None:
        raise ValueError(f"{path} holds no <svg> element.")
    body = re.sub(r"\s+", " ", match.group(1)).strip()
    return f'<symbol id="{path.stem}" viewBox="0 0 24 24">{body}</symbol>'


if __name__ == "__main__":
    SPRITE.parent.mkdir(parents=True, exist_ok=True)
    SPRITE.write_text(build())
