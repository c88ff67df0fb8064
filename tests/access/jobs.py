import tests.jobs.trial  # noqa: F401  registers kinds of jobs
from accounts.actors import Actor
from jobs.models import Job
from tests.access.world import World


def contribute(world: World) -> None:
    job = Job.enqueue(
        "trial.steps",
        by=Actor.of(world.cast.mona),
        workspace=world.cast.workspace,
        product=world.cast.secret,
        title=f"Job {world.canary}",
    )
    world.arguments.update(job=job.public_id)
    world.foreign.update(job=job.public_id)
    world.arguments["job-detail", "public_id"] = job.public_id
