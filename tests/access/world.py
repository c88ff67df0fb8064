"""The world that the crawl walks through: everything of the product SEC carries a canary.

Every app has a file beside this one with `contribute(world)`: it makes rows through the verbs, with `world.canary` in their
texts, and says which values its URLs' arguments take: `world.arguments["number"] = …` for every URL, or
`world.arguments["roadmap:item", "number"] = …` for one. Values that belong in bodies go to `world.foreign`.
"""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass, field
from typing import Any

import tests.access
from accounts.models import Member
from tests.cast import Cast, make_cast

CANARY = "CANARYq7x"


@dataclass
class World:
    cast: Cast
    canary: str = CANARY
    arguments: dict[Any, Any] = field(default_factory=dict)
    #: field name → id of a row of SEC, to be placed where it does not belong
    foreign: dict[str, Any] = field(default_factory=dict)
    #: URL names whose positive control needs a body: name → (method, body, extra headers)
    controls: dict[str, tuple[str, dict[str, Any], dict[str, str]]] = field(default_factory=dict)

    def arguments_of(self, name: str, wanted: list[str]) -> dict[str, Any]:
        """Values for a URL's arguments. KeyError names the one that nobody provides: add it in tests/access/<app>.py."""
        found = {}
        for argument in wanted:
            if (name, argument) in self.arguments:
                found[argument] = self.arguments[name, argument]
            elif argument in self.arguments:
                found[argument] = self.arguments[argument]
            else:
                raise KeyError(f"{name} takes `{argument}`, which no file in tests/access provides.")
        return found

    def people(self) -> dict[str, Member | None]:
        cast = self.cast
        return {
            "alice": cast.alice, "anton": cast.anton, "mona": cast.mona, "bob": cast.bob, "carol": cast.carol,
            "dave": cast.dave, "mallory": cast.mallory, "nobody": None,
        }  # fmt: skip


def build_world(canary: str = CANARY) -> World:
    cast = make_cast()
    cast.secret.edit(by=cast.actor("alice"), name=f"Secret {canary}", tagline=canary, vision=canary)
    world = World(cast, canary)
    world.arguments.update(workspace=cast.workspace.slug, key=cast.secret.key)
    for module in sorted(pkgutil.iter_modules(tests.access.__path__), key=lambda one: one.name):
        if not module.ispkg and module.name != "world" and not module.name.startswith("test_"):
            importlib.import_module(f"tests.access.{module.name}").contribute(world)
    return world
