from accounts.actors import Actor
from products.models import Initiative, KeyResult, Objective, Problem, ProductLine
from tests.access.world import World
from tests.factories import make_product


def contribute(world: World) -> None:
    """Everything of SEC carries the canary; lines are for all members, so theirs do not."""
    cast, mona = world.cast, Actor.of(world.cast.mona)
    line = ProductLine.add(cast.workspace, by=mona, name="Trailers")
    world.arguments["products:line_edit", "public_id"] = world.arguments["products:line_delete", "public_id"] = (
        line.public_id
    )
    objective = Objective.add(
        cast.workspace, by=mona, product=cast.secret, name=f"Goal {world.canary}", description=world.canary
    )
    rows = {
        "objective": objective,
        "key_result": KeyResult.add_to(objective, by=mona, name=f"Result {world.canary}", target=10),
        "initiative": Initiative.add(
            cast.workspace, by=mona, product=cast.secret, objective=objective, name=f"Bet {world.canary}"
        ),
        "problem": Problem.add(
            cast.workspace, by=mona, product=cast.secret, statement=f"Problem {world.canary}", who=world.canary
        ),
    }
    for name, row in rows.items():
        for url in (f"products:{name}", f"products:{name}_edit", f"products:{name}_delete"):
            world.arguments[url, "public_id"] = row.public_id
        world.foreign[name] = row.public_id
    for url, name in (("key_result_field", "now"), ("problem_field", "who"), ("write_field", "vision")):
        world.arguments[f"products:{url}", "name"] = name
    world.arguments["products:key_result_field", "public_id"] = rows["key_result"].public_id
    world.arguments["products:problem_field", "public_id"] = rows["problem"].public_id
    world.arguments["objective"] = objective.public_id
    world.foreign.update(objective=objective.public_id, name="x", statement="x", target="3", vision="x")
    cast.secret.set_health("at_risk", world.canary, by=mona)
    world.arguments["product-detail", "key"] = world.arguments["product-restore", "key"] = cast.secret.key
    away = make_product(cast.workspace, "AWY", name=f"Away {world.canary}")
    away.limit_to([cast.secret.team_links.get().team], by=mona)
    away.delete_softly(by=mona)
    world.arguments["products:restore", "product_key"] = away.key
    world.controls["product-restore"] = ("post", {}, {})
    world.arguments["product-line-detail", "public_id"] = line.public_id
    controls = {
        "product": ({"key": "CTL", "name": "control"}, {"name": "control"}),
        "product-line": ({"name": "control"}, {"name": "control"}),
        "objective": ({"product": "SEC", "name": "control"}, {"name": "control"}),
        "key-result": ({"objective": objective.public_id, "name": "control", "target": "5"}, {"now": "3"}),
        "initiative": ({"product": "SEC", "name": "control"}, {"name": "control"}),
        "problem": ({"product": "SEC", "statement": "control"}, {"who": "control"}),
    }
    for name, (new, changed) in controls.items():
        world.controls[f"{name}-list"] = ("post", new, {})
        world.controls[f"{name}-detail"] = ("patch", changed, {"If-Match": "*"})
    for name, row in rows.items():
        world.arguments[f"{name.replace('_', '-')}-detail", "public_id"] = row.public_id
