"""What Polarline makes and why: products, goals with their bets, releases ahead, problems, health."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from changes.models import Change
from demo.story import Story
from products.models import Initiative, KeyResult, Objective, Problem, Product, ProductLine
from roadmap.models import Component, Item, Milestone, Release


def introduce_products(story: Story) -> None:
    first = min(row["started"] for row in _stages(story))
    with story.as_of("line.added", first) as change:
        lines = {name: ProductLine.add(story.workspace, name=name, by=change) for name in story.source["lines"]}
    for told in story.source["products"]:
        started = min(stage["started"] for stage in told["stages"] if stage["started"] is not None)
        begun = told["adopted_at"]["day"] if told["adopted_at"] else started
        with story.as_of("product.introduced", begun, story.owner) as change:
            story.products[told["key"]] = Product.introduce(
                story.workspace, told["key"], told["name"], by=change, line=lines.get(told["line"]),
                kind=told["kind"], lead=story.lead(told), tagline=told["tagline"], vision=told["vision"],
                positioning=told["positioning"], business_model=told["business_model"],
            )  # fmt: skip


def _stages(story: Story) -> Iterator[dict[str, Any]]:
    for told in story.source["products"]:
        yield from (stage for stage in told["stages"] if stage["started"] is not None)


def set_strategy(story: Story) -> None:
    for told, product in story.told_products():
        with story.as_of("strategy.set", -150, story.lead_of(told)) as change:
            for one in told["objectives"]:
                _objective(story, product, one, change)
        with story.as_of("release.planned", -200, story.lead_of(told)) as change:
            _days_ahead(story, product, told, change)
        if told.get("components"):
            with story.as_of("component.added", -200, story.lead_of(told)) as change:
                for one in told["components"]:
                    Component.add(story.workspace, by=change, product=product, name=one["name"], lead=story.lead(one))
        for one in told["releases"]:
            if one["released"] is not None:
                with story.as_of("release.shipped", one["released"], story.lead_of(told)) as change:
                    Release.objects.of(product).get(name=one["name"]).ship(by=change)


def _days_ahead(story: Story, product: Product, told: dict[str, Any], change: Change) -> None:
    for one in told["releases"]:
        Release.plan(
            product, one["name"], by=change, description=one.get("description", ""),
            starts_on=story.day(one["starts"]), ends_on=story.day(one["ends"]),
        )  # fmt: skip
    for one in told["milestones"]:
        Milestone.add(story.workspace, by=change, product=product, name=one["name"], day=story.day(one["day"]))


def _objective(story: Story, product: Product, told: dict[str, Any], change: Change) -> None:
    objective = Objective.add(
        story.workspace, by=change, product=product, name=told["name"], description=told["description"],
        lead=story.lead(told), starts_on=story.day(told["starts"]), ends_on=story.day(told["ends"]),
    )  # fmt: skip
    for result in told["key_results"]:
        KeyResult.add_to(objective, by=change, **result)
    bets = [
        Initiative.add(
            story.workspace, by=change, product=product, objective=objective, name=bet["name"], lead=story.lead(bet),
            starts_on=story.day(bet["starts"]), ends_on=story.day(bet["ends"]),
        )
        for bet in told["initiatives"]
    ]  # fmt: skip
    for row, said in [(objective, told), *zip(bets, told["initiatives"], strict=True)]:
        health = said.get("health")
        if health and health["state"] != "not_set":
            story.healths.append((row, health, said.get("lead") or ""))


def link_strategy(story: Story) -> None:
    for told, product in story.told_products():
        with story.as_of("strategy.linked", -80, story.lead_of(told)) as change:
            _link_bets(story, product, told["objectives"], change)
            for one in told["problems"]:
                problem = Problem.add(
                    story.workspace, by=change, product=product, statement=one["statement"], who=one["who"],
                    how_big=one["how_big"], would_pay=one["would_pay"], exists_today=one["exists_today"],
                    state=one["state"],
                )  # fmt: skip
                for item in _named(story, product, one):
                    item.edit(by=change, problem=problem)


def _link_bets(story: Story, product: Product, told: list[dict[str, Any]], change: Change) -> None:
    objectives = {one.name: one for one in Objective.objects.of(product)}
    for one in told:
        for bet in one["initiatives"]:
            initiative = Initiative.objects.of(product).get(name=bet["name"])
            for item in _named(story, product, bet):
                item.edit(by=change, initiative=initiative, objective=objectives[one["name"]])


def _named(story: Story, product: Product, told: dict[str, Any]) -> list[Item]:
    """The items of the titles that are told, as far as there are any."""
    found = [story.items.get((product.key, title)) for title in told.get("items", ())]
    return [item for item in found if item is not None]


def set_health(story: Story) -> None:
    for row, health, lead in story.healths:
        with story.as_of(f"{row.noun}.health_set", health["day"], lead) as change:
            row.set_health(health["state"], health["reason"], by=change)
    for told, product in story.told_products():
        health = told["health"]
        if health and health["state"] != "not_set":
            with story.as_of("product.health_set", health["day"], story.lead_of(told)) as change:
                product.set_health(health["state"], health["reason"], by=change)
