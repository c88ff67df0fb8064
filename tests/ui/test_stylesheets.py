from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.staticfiles import finders
from django.core.management import call_command

from ui import contrast, sprite
from ui.static import JOINED, joined

ROOT = Path(__file__).resolve().parents[2]
CSS = ROOT / "static" / "css"
LAYERS = ["reset", "tokens", "base", "layout", "components", "screens", "utilities", "print"]


@pytest.mark.parametrize("layer", ["components", "screens"])
def test_every_file_of_a_layer_is_served_once(layer: str):
    listed = re.findall(rf'@import url\("{layer}/([^"]+)"\);', (CSS / f"{layer}.css").read_text())
    assert sorted(listed) == sorted(path.name for path in (CSS / layer).glob("*.css"))


@pytest.mark.parametrize("path", JOINED)
def test_development_and_collectstatic_serve_the_same_bytes(path: str, tmp_path: Path, settings):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    served = Path(finders.find(path)).read_text()
    assert served == (tmp_path / path).read_text() == joined(CSS / Path(path).name)
    assert "@import" not in served
    assert not (tmp_path / "css" / "components").exists()


def test_everything_a_stylesheet_or_module_names_is_there(tmp_path: Path, settings):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "ui.static.HashedStorage"}}
    call_command("collectstatic", interactive=False, verbosity=0)
    entry = next((tmp_path / "js").glob("app.????????????.js")).read_text()
    assert re.search(r'import ?"\./toast\.[0-9a-f]{12}\.js"', entry)
    assert re.search(
        r"inter-latin-opsz-normal\.[0-9a-f]{12}\.woff2", next((tmp_path / "css").glob("base.*.css")).read_text()
    )


def test_what_thumbs_need_comes_last():
    assert re.findall(r"screens/([a-z-]+)\.css", (CSS / "screens.css").read_text())[-1] == "touch"


def test_each_file_stays_in_its_layer():
    for path in CSS.rglob("*.css"):
        layer = path.parent.name if path.parent != CSS else path.stem
        named = set(re.findall(r"@layer ([a-z]+) \{", path.read_text()))
        assert named <= {layer}, path


def test_the_layers_are_linked_low_to_high():
    links = re.findall(r"css/([a-z]+)\.css", (ROOT / "templates/layouts/_styles.html").read_text())
    assert links == LAYERS
    assert f"@layer {', '.join(LAYERS)};" in (CSS / "reset.css").read_text()


def test_every_custom_property_that_is_read_is_set_somewhere():
    """By a stylesheet, by a style attribute of a template or of Python that draws, or by a module."""
    css = "\n".join(path.read_text() for path in CSS.rglob("*.css"))
    given = set(re.findall(r"(--[\w-]+)\s*:", css))
    for path in drawing():
        given |= set(re.findall(r"""(?<=["'; ])(--[a-z][\w-]*)(?=\s*:|",)""", path.read_text()))
    assert set(re.findall(r"var\((--[\w-]+)\)", css)) - given == set()


def drawing() -> list[Path]:
    """All that writes markup or changes it: templates, modules of ours, the apps' Python."""
    own = [Path(app.path) for app in apps.get_app_configs() if Path(app.path).parent == ROOT]
    folders = [(ROOT / "templates", "*.html"), (ROOT / "static/js", "*.js"), *((app, "*.py") for app in own)]
    return [path for folder, names in folders for path in folder.rglob(names)]


def test_colours_come_from_tokens():
    """A hex colour outside the tokens is a shade that nobody proved; the few that are there are listed."""
    allowed = {"button", "seg", "switch", "toast", "bulk"}
    for path in CSS.rglob("*.css"):
        if path.stem in {"tokens", "print"} or path.stem in allowed or path.parent.name == "screens":
            continue
        assert not re.search(r"#[0-9a-fA-F]{3,8}\b", re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)), path


def test_the_tokens_hold_their_contrast_in_light_dark_and_colour_blind_eyes(capsys):
    assert contrast.main() == 0
    assert "0 failures" in capsys.readouterr().out


def test_a_token_that_fades_is_found():
    tokens = contrast.read_tokens(contrast.TOKENS.read_text()) | {"text-3": ("#a0a0a0", "#707070")}
    assert any(finding.fails and "text-3 on surface" in str(finding) for finding in contrast.contrasts(tokens))


def test_the_sprite_holds_every_icon():
    assert sprite.SPRITE.read_text() == sprite.build(), "Run python -m ui.sprite."
