from datetime import timedelta

from config import clock
from tests.access.world import World
from tests.factories import SYSTEM, make_item
from usage.intake import Bounds
from usage.models import IngestKey, UsageKey
from usage.rollup.plan import roll_up
from usage.writer import EventWriter


def contribute(world: World) -> None:
    """Figures of SEC, with the canary in its feature's key; a rejected event; a key of each kind."""
    secret = world.cast.secret
    item = make_item(secret, f"Measured {world.canary}")
    UsageKey.measure(secret, f"key.{world.canary}", [item], name=world.canary, by=SYSTEM)
    key, _secret = IngestKey.issue(secret, f"Key {world.canary}", by=SYSTEM)
    now = clock.now()
    events = [
        (n, [f"e{n}", f"key.{world.canary}", f"u{n % 3}", f"a{n % 2}", (now - timedelta(days=n)).isoformat()])
        for n in range(1, 12)
    ]
    EventWriter(secret, ingest_key=key).write([*events, (99, ["", world.canary, "", "", ""])], bounds=Bounds.of_file)
    roll_up(secret.pk)
    row = UsageKey.objects.get(product=secret)
    for noun, one in {"usage-key": row, "ingest-key": key}.items():
        world.arguments[f"{noun}-list", "public_id"] = world.arguments[f"{noun}-detail", "public_id"] = one.public_id
    world.arguments["usage-figure-detail", "key"] = secret.key
    world.controls["usage-key-list"] = ("post", {"product": "SEC", "key": "control", "items": [item.key]}, {})
    world.controls["usage-key-detail"] = ("patch", {"name": "control"}, {"If-Match": "*"})
    world.controls["ingest-key-list"] = ("post", {"product": "SEC", "name": "control"}, {})
    world.arguments["usage:ingest_key_revoke", "public_id"] = key.public_id
    world.foreign.update(items=item.key, name="x")
    world.controls["usage:keys"] = ("post", {"key": f"key.{world.canary}", "items": item.key}, {"as": "mona"})
