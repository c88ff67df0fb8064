from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from accounts.actors import Actor
from jobs.models import Job, State
from roadmap.models import Roadmap, ShareLink
from roadmap.sharing import picturing
from roadmap.sharing.places import SharePlace
from tests.access.world import World


def contribute(world: World) -> None:
    """Links have a URL of their own for each thing that is done to them."""
    link = ShareLink.open_to(world.cast.secret, f"Shared with {world.canary}", by=Actor.of(world.cast.mona), fields=[])
    for name in ("edit", "rotate"):
        world.arguments[f"roadmap:share_{name}", "public_id"] = link.public_id
    world.controls["roadmap:roadmap_draw"] = ("post", {"format": "pdf", "paper": "a4"}, {})
    place = SharePlace(world.cast.mona, world.cast.workspace, world.cast.secret, products=[world.cast.secret])
    job = picturing.ask(place, by=Actor.of(world.cast.mona), format="pdf", paper="a4", terms={}, title=world.canary)
    file = default_storage.save("roadmaps/crawl", ContentFile(world.canary.encode()))
    result = {"file": file, "format": "pdf", "name": "SEC-roadmap.pdf", "key": "SEC"}
    Job.objects.filter(pk=job.pk).update(state=State.DONE, result=result)
    world.arguments["roadmap:roadmap_drawn", "job"] = job.public_id
    world.arguments["roadmap:roadmap_file", "format"] = "csv"
    for name in ("one", "ask"):
        world.arguments[f"roadmap:shared_{name}", "public_id"] = link.public_id
    world.controls["roadmap:shared_ask"] = ("post", {"question": "control"}, {})
    of_a_kept_roadmap(world)


def of_a_kept_roadmap(world: World) -> None:
    """A roadmap of SEC alone, for everybody: who does not see SEC sees neither it nor its links."""
    cast, mona = world.cast, Actor.of(world.cast.mona)
    kept = Roadmap.keep(cast.workspace, f"Plan {world.canary}", [cast.secret], by=mona, owner=cast.mona, is_shared=True)
    title = f"Title {world.canary}"
    place = SharePlace(cast.mona, cast.workspace, None, kept, [cast.secret])
    for prefix, roadmap in (("kept_", kept), ("portfolio_", None)):
        link = ShareLink.open_of(
            cast.workspace, [cast.secret], title, f"Audience {world.canary}", by=mona, roadmap=roadmap
        )
        closed = ShareLink.open_of(cast.workspace, [cast.secret], title, "Board", by=mona, roadmap=roadmap)
        for name in ("edit", "rotate"):
            world.arguments[f"roadmap:{prefix}share_{name}", "public_id"] = link.public_id
        world.arguments[f"roadmap:{prefix}share_revoke", "public_id"] = closed.public_id
        world.arguments[f"roadmap:{prefix}roadmap_file", "format"] = "csv"
        world.controls[f"roadmap:{prefix}roadmap_draw"] = ("post", {"format": "pdf", "paper": "a4"}, {})
        shared = place if roadmap is not None else SharePlace(cast.mona, cast.workspace, products=[cast.secret])
        terms = {"of_products": [cast.secret.pk]}
        job = picturing.ask(shared, by=mona, format="pdf", paper="a4", terms=terms, title=world.canary)
        file = default_storage.save("roadmaps/crawl", ContentFile(world.canary.encode()))
        result = {"file": file, "format": "pdf", "name": "roadmap.pdf", "key": ""}
        Job.objects.filter(pk=job.pk).update(state=State.DONE, result=result)
        world.arguments[f"roadmap:{prefix}roadmap_drawn", "job"] = job.public_id
    world.arguments["roadmap"] = kept.public_id
    for name in ("follow", "moved"):
        world.arguments[f"roadmap:roadmap_{name}", "public_id"] = kept.public_id
