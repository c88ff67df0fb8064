"""Rules that hold for every template, whoever writes it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template.loader import get_template

from ui import sprite

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
EMAILS = {"email", "emails", "mail"}
NAMES = [str(path.relative_to(ROOT / "templates")) for path in TEMPLATES]


def is_mail(path: Path) -> bool:
    return bool(EMAILS & set(path.parts)) or path.name.startswith("email")


def is_a_file_of_its_own(path: Path) -> bool:
    """What goes to a browser as one file and is served by nobody has its styles inside."""
    return is_mail(path) or path.name == "standalone.html"


@pytest.mark.parametrize("name", NAMES)
def test_a_template_compiles(name: str):
    get_template(name)


@pytest.mark.parametrize("path", TEMPLATES, ids=NAMES)
def test_a_style_attribute_only_hands_over_data(path: Path):
    if is_mail(path):  # mail programs know no stylesheets
        return
    for style in re.findall(r'\sstyle="([^"]*)"', path.read_text()):
        plain = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "0", style)
        for declaration in filter(None, (part.strip() for part in plain.split(";"))):
            assert declaration.startswith("--"), f'{path}: style="{style}" decides a look; write a class.'


@pytest.mark.parametrize("path", TEMPLATES, ids=NAMES)
def test_nothing_runs_inside_the_markup(path: Path):
    text = re.sub(r"\{%.*?%\}", "", path.read_text())
    assert not re.search(r"\son[a-z]+\s*=|hx-on|javascript:", text), f"{path}: handlers belong into static/js."
    assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", text), f"{path}: an inline script."
    assert is_a_file_of_its_own(path) or "<style" not in text, f"{path}: an inline stylesheet."


@pytest.mark.parametrize("path", TEMPLATES, ids=NAMES)
def test_every_icon_is_in_the_sprite(path: Path):
    used = set(re.findall(r'\{% icon "([^"]+)"', path.read_text()))
    missing = used - set(sprite.names())
    assert not missing, (
        f"{path}: copy {', '.join(sorted(missing))} from lucide into ui/icons and run python -m ui.sprite."
    )


@pytest.mark.parametrize("path", sorted((ROOT / "templates" / "components").glob("*.html")), ids=lambda path: path.name)
def test_a_component_names_its_inputs_first(path: Path):
    assert path.read_text().startswith("{# "), f"{path}: begin with a comment that names the inputs."


SELDOM = re.findall(
    r'"(c-[a-z-]+)": \(\) => import\("\./([a-z-]+)\.js"\)', (ROOT / "static" / "js" / "app.js").read_text()
)


@pytest.mark.parametrize(("element", "script"), SELDOM)
def test_a_script_that_few_pages_need_stands_beside_what_needs_it(element: str, script: str):
    """A page is there once its scripts are: one that app.js fetches afterwards would miss the first key or click."""
    drawn_in = [path for path in TEMPLATES if f"<{element} " in path.read_text() or f"<{element}>" in path.read_text()]
    assert drawn_in
    for path in drawn_in:
        text = path.read_text()
        tag = f'<script type="module" src="{{% static "js/{script}.js" %}}"></script>'
        assert tag in text, f"{path}: <{element}> needs {tag} before it."
