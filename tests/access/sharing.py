from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from accounts.actors import Actor
from jobs.models import Job, State
from roadmap.models import ShareLink
from roadmap.sharing import picturing
from tests.access.world import World


def contribute(world: World) -> None:
    """Links have a URL of their own for each thing that is done to them."""
    link = ShareLink.open_to(world.cast.secret, f"Shared with {world.canary}", by=Actor.of(world.cast.mona), fields=[])
    for name in ("edit", "rotate"):
        world.arguments[f"roadmap:share_{name}", "public_id"] = link.public_id
    world.controls["roadmap:roadmap_draw"] = ("post", {"format": "pdf", "paper": "a4"}, {})
    job = picturing.ask(
        world.cast.secret, by=Actor.of(world.cast.mona), format="pdf", paper="a4", terms={}, title=world.canary
    )
    file = default_storage.save("roadmaps/crawl", ContentFile(world.canary.encode()))
    result = {"file": file, "format": "pdf", "name": "SEC-roadmap.pdf", "key": "SEC"}
    Job.objects.filter(pk=job.pk).update(state=State.DONE, result=result)
    world.arguments["roadmap:roadmap_drawn", "job"] = job.public_id
    world.arguments["roadmap:roadmap_file", "format"] = "csv"
    for name in ("one", "ask"):
        world.arguments[f"roadmap:shared_{name}", "public_id"] = link.public_id
    world.controls["roadmap:shared_ask"] = ("post", {"question": "control"}, {})
