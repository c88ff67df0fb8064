"""Proves the tokens: contrast of every pair in use (WCAG 1.4.3, 1.4.11) and the stages' colours for colour-blind eyes.

`python -m ui.contrast` prints what fails and exits 1 if anything does.
"""

import itertools
import math
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

TOKENS = Path(__file__).resolve().parent.parent / "static" / "css" / "tokens.css"
BOTH = re.compile(r"--([\w-]+):\s*light-dark\(\s*(#[0-9a-fA-F]{6})\s*,\s*(#[0-9a-fA-F]{6})\s*\)")
ONE = re.compile(r"--([\w-]+):\s*(#[0-9a-fA-F]{6})\s*;")
THEMES = ("light", "dark")

TEXT, GRAPHIC, FAR_ENOUGH = 4.5, 3.0, 8.0
SURFACES = ("canvas", "surface", "surface-sunken", "surface-hover", "surface-active", "surface-raised")
STAGES = ("innovation", "analysis", "development", "gtm", "inlife", "eol")
TONES = ("ok", "warn", "bad")

# Machado, Oliveira and Fernandes (2009), severity 1.
VISION = {
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}

Colour = tuple[float, float, float]


@dataclass(frozen=True)
class Finding:
    what: str
    theme: str
    value: float
    wanted: float

    @property
    def fails(self) -> bool:
        return self.value < self.wanted

    def __str__(self) -> str:
        return f"{self.what} ({self.theme}): {self.value:.2f}, wanted {self.wanted}"


def main() -> int:
    tokens = read_tokens(TOKENS.read_text())
    findings = [*contrasts(tokens), *heat(tokens), *stage_distances(tokens)]
    failures = [finding for finding in findings if finding.fails]
    for finding in failures:
        print("FAIL", finding)
    print(f"{len(findings)} checks of colours, {len(failures)} failures")
    return 1 if failures else 0


def read_tokens(css: str) -> dict[str, tuple[str, str]]:
    """Name → colour in light and in dark."""
    found: dict[str, tuple[str, str]] = {}
    for name, light, dark in BOTH.findall(css):
        found.setdefault(name, (light, dark))
    for name, colour in ONE.findall(css):
        found.setdefault(name, (colour, colour))
    return found


def pairs() -> Iterator[tuple[str, str, float]]:
    """What is written or drawn on what, and the ratio it needs."""
    yield from ((text, surface, TEXT) for text in ("text", "text-2", "text-3") for surface in SURFACES)
    yield from (("accent", surface, TEXT) for surface in SURFACES if surface != "surface-active")
    yield "accent", "accent-soft", TEXT
    yield from (("text", f"{soft}-soft", TEXT) for soft in ("accent", *TONES))
    yield from ((text, "accent-soft", TEXT) for text in ("text-2", "text-3"))
    yield from (("on-accent", solid, TEXT) for solid in ("accent-solid", "bad-solid"))
    yield from (("on-ink", ink, TEXT) for ink in ("ink", "ink-hover"))
    yield from (("border-control", surface, GRAPHIC) for surface in ("surface", "canvas", "surface-raised"))
    grounds = ("canvas", "surface", "surface-sunken", "surface-hover")
    for name in (*STAGES, *TONES):
        yield from ((f"{name}-text", ground, TEXT) for ground in (*grounds, f"{name}-soft"))
        yield name, "surface", GRAPHIC
    for stage in STAGES:
        yield stage, "surface-sunken", GRAPHIC
        yield f"{stage}-on", stage, TEXT
    yield from ((f"chart-{number}", "surface", GRAPHIC) for number in range(1, 6))


def contrasts(tokens: dict[str, tuple[str, str]]) -> Iterator[Finding]:
    for above, below, wanted in pairs():
        for i, theme in enumerate(THEMES):
            yield Finding(f"{above} on {below}", theme, ratio(rgb(tokens[above][i]), rgb(tokens[below][i])), wanted)


def heat(tokens: dict[str, tuple[str, str]]) -> Iterator[Finding]:
    """Numbers stay readable on every step of the heat map."""
    for i, theme in enumerate(THEMES):
        ink, cold, warm = (rgb(tokens[name][i]) for name in ("text", "surface", "chart-1"))
        for share in (0, 25, 50, 75, 100):
            yield Finding(f"heat {share}%", theme, ratio(ink, mix(warm, cold, 0.05 + share / 100 * 0.5)), TEXT)


def stage_distances(tokens: dict[str, tuple[str, str]]) -> Iterator[Finding]:
    for i, theme in enumerate(THEMES):
        for vision in ("normal", *VISION):
            seen = {stage: oklab(as_seen(rgb(tokens[stage][i]), vision)) for stage in STAGES}
            for one, other in itertools.combinations(STAGES, 2):
                distance = 100 * math.dist(seen[one], seen[other])
                yield Finding(f"{one} and {other}, {vision}", theme, distance, FAR_ENOUGH)


def rgb(code: str) -> Colour:
    red, green, blue = (int(code[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return red, green, blue


def linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def encoded(channel: float) -> float:
    channel = max(0.0, min(1.0, channel))
    return 12.92 * channel if channel <= 0.0031308 else 1.055 * channel ** (1 / 2.4) - 0.055


def luminance(colour: Colour) -> float:
    red, green, blue = map(linear, colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(one: Colour, other: Colour) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def mix(one: Colour, other: Colour, share: float) -> Colour:
    red, green, blue = (a * share + b * (1 - share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def as_seen(colour: Colour, vision: str) -> Colour:
    if vision == "normal":
        return colour
    light = [linear(channel) for channel in colour]
    red, green, blue = (encoded(sum(a * b for a, b in zip(row, light, strict=True))) for row in VISION[vision])
    return red, green, blue


def oklab(colour: Colour) -> Colour:
    red, green, blue = map(linear, colour)
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    medium = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


if __name__ == "__main__":
    sys.exit(main())
