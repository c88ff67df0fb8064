"""The words and numbers of starter templates and samples. lifecycle/starting.py makes rows of them, through the verbs."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from feedback.models import Importance, Source
from products.models import Health, Stage
from products.models.problem import ProblemState
from products.models.product import Kind
from roadmap.models import Category, TypeKind


@dataclass(frozen=True)
class Result:
    name: Any
    unit: str
    start: Decimal | int
    now: Decimal | int
    target: Decimal | int


@dataclass(frozen=True)
class Goal:
    name: Any
    results: tuple[Result, ...] = ()


@dataclass(frozen=True)
class Trouble:
    statement: Any
    who: Any = ""
    state: str = ProblemState.OPEN


@dataclass(frozen=True)
class Ship:
    """A release that starts this week and ends on the Friday before week `weeks`."""

    name: Any
    weeks: int


@dataclass(frozen=True)
class Bet:
    """An item. `goal` and `problem` are places in the plan; `weeks` are first and last week from now."""

    title: Any
    type: str = TypeKind.FEATURE
    category: str = Category.PROPOSED
    rice: tuple[int, Decimal, int, Decimal] | None = None
    goal: int | None = None
    problem: int | None = None
    weeks: tuple[int, int] | None = None
    released: bool = False


@dataclass(frozen=True)
class Plan:
    goals: tuple[Goal, ...]
    problems: tuple[Trouble, ...]
    bets: tuple[Bet, ...]
    release: Ship | None = None


@dataclass(frozen=True)
class Starter:
    """A template: `name` and `key` are taken where the person gave none."""

    slug: str
    label: Any
    about: Any
    icon: str
    kind: str
    name: Any
    key: str
    plan: Plan


@dataclass(frozen=True)
class Voice:
    """A conversation. `passage` is linked to the item at place `about`."""

    customer: Any
    subject: Any
    text: Any
    source: str = Source.OTHER
    about: int | None = None
    passage: Any = ""
    importance: int = Importance.IMPORTANT
    revenue: int = 0


@dataclass(frozen=True)
class Sample:
    key: str
    name: Any
    kind: str
    stage: str
    tagline: Any
    vision: Any
    plan: Plan
    health: str = ""
    health_reason: Any = ""
    voices: tuple[Voice, ...] = field(default=())


def rice(reach: int, impact: str, confidence: int, effort: str) -> tuple[int, Decimal, int, Decimal]:
    return reach, Decimal(impact), confidence, Decimal(effort)


STARTERS = (
    Starter(
        "software", _("Software product"), _("Releases every few weeks, RICE, adoption and retention"), "layers",
        Kind.SOFTWARE, _("My software product"), "SOFT",
        Plan(
            goals=(
                Goal(
                    _("New customers reach their first success in the first week"),
                    (
                        Result(_("New accounts that finish the set-up within 7 days"), "%", 0, 0, 60),
                        Result(_("Days from sign-up to first use of the main feature"), "d", 10, 10, 2),
                    ),
                ),
                Goal(
                    _("Customers stay"),
                    (Result(_("Accounts that are active again four weeks later"), "%", 0, 0, 80),),
                ),
            ),
            problems=(
                Trouble(_("New customers don't know where to start"), _("Whoever signed up this week")),
                Trouble(_("Nobody notices when a customer stops using it"), _("Customer success")),
                Trouble(_("The monthly report is put together by hand"), _("Team leads")),
            ),
            bets=(
                Bet(
                    _("Guided set-up in three steps"), TypeKind.FEATURE, Category.BUILDING, rice(400, "2.00", 80, "4"),
                    goal=0, problem=0, weeks=(0, 4), released=True,
                ),
                Bet(
                    _("Example data in a new account"), TypeKind.IMPROVEMENT, Category.READY, rice(400, "1.00", 80, "2"),
                    goal=0, problem=0, weeks=(3, 6), released=True,
                ),
                Bet(
                    _("Warning when an account goes quiet"), TypeKind.FEATURE, Category.SHAPING,
                    rice(120, "2.00", 50, "3"), goal=1, problem=1, weeks=(6, 11),
                ),
                Bet(
                    _("Report by mail on the first of the month"), TypeKind.FEATURE, Category.PROPOSED,
                    rice(200, "1.00", 50, "3"), goal=1, problem=2,
                ),
                Bet(_("Ask five customers why they left"), TypeKind.DISCOVERY, Category.PROPOSED, goal=1, problem=1),
            ),
            release=Ship(_("First release"), 6),
        ),
    ),
    Starter(
        "physical", _("Physical product"), _("Sourcing, certification, tooling, a launch per country"), "package-check",
        Kind.PHYSICAL, _("My physical product"), "PHYS",
        Plan(
            goals=(
                Goal(
                    _("Ready for series production"),
                    (
                        Result(_("Parts with a second source"), "%", 0, 0, 90),
                        Result(_("Pilot units that pass the final test at first try"), "%", 0, 0, 95),
                    ),
                ),
                Goal(_("Sold in three countries"), (Result(_("Countries with all approvals"), "", 0, 0, 3),)),
            ),
            problems=(
                Trouble(_("One part comes from one supplier alone"), _("Purchasing")),
                Trouble(_("Mounting it takes two people"), _("Fitters")),
                Trouble(_("Every country asks for another approval"), _("Sales")),
            ),
            bets=(
                Bet(
                    _("Second supplier for the critical part"), TypeKind.EPIC, Category.BUILDING,
                    goal=0, problem=0, weeks=(0, 12),
                ),
                Bet(
                    _("Bracket that one person can mount"), TypeKind.IMPROVEMENT, Category.SHAPING,
                    goal=0, problem=1, weeks=(2, 9), released=True,
                ),
                Bet(
                    _("Pilot series of fifty"), TypeKind.EPIC, Category.READY, goal=0, weeks=(8, 14), released=True,
                ),
                Bet(_("Approval for the first country"), TypeKind.FEATURE, Category.READY, goal=1, problem=2, weeks=(4, 16)),
                Bet(_("Packaging and instructions"), TypeKind.FEATURE, Category.PROPOSED, goal=1),
            ),
            release=Ship(_("Pilot series"), 14),
        ),
    ),
    Starter(
        "service", _("Service"), _("Trials with customers, training, capacity, quality"), "headset",
        Kind.SERVICE, _("My service"), "SERV",
        Plan(
            goals=(
                Goal(
                    _("The first ten customers recommend it"),
                    (
                        Result(_("Customers served"), "", 0, 0, 10),
                        Result(_("Net promoter score"), "", 0, 0, 40),
                    ),
                ),
                Goal(_("The team can deliver it without us"), (Result(_("People trained"), "", 0, 0, 6),)),
            ),
            problems=(
                Trouble(_("Customers don't know what is included"), _("Buyers")),
                Trouble(_("How long a visit takes differs from person to person"), _("Planners")),
            ),
            bets=(
                Bet(
                    _("One page that says what is included"), TypeKind.IMPROVEMENT, Category.BUILDING,
                    goal=0, problem=0, weeks=(0, 2), released=True,
                ),
                Bet(_("Trial with three customers"), TypeKind.DISCOVERY, Category.READY, goal=0, weeks=(1, 7), released=True),
                Bet(_("Checklist for every visit"), TypeKind.FEATURE, Category.SHAPING, goal=1, problem=1, weeks=(5, 9)),
                Bet(_("Training of two days"), TypeKind.FEATURE, Category.PROPOSED, goal=1, weeks=(8, 12)),
                Bet(_("Survey after each visit"), TypeKind.FEATURE, Category.PROPOSED, goal=0),
            ),
            release=Ship(_("Trial"), 8),
        ),
    ),
    Starter(
        "platform", _("Internal platform"), _("Departments as customers, no price, strict withdrawal"), "database",
        Kind.SOFTWARE, _("My internal platform"), "PLAT",
        Plan(
            goals=(
                Goal(
                    _("Departments move over by themselves"),
                    (
                        Result(_("Departments that use it every week"), "", 0, 0, 8),
                        Result(_("Days from request to first use"), "d", 30, 30, 5),
                    ),
                ),
                Goal(_("The old system can be switched off"), (Result(_("Processes that have moved"), "%", 0, 0, 100),)),
            ),
            problems=(
                Trouble(_("Every department keeps its own list"), _("Department heads")),
                Trouble(_("Nobody knows who still needs the old system"), _("Operations")),
            ),
            bets=(
                Bet(
                    _("Sign-in with the company account"), TypeKind.FEATURE, Category.BUILDING,
                    rice(600, "1.00", 90, "3"), goal=0, weeks=(0, 4), released=True,
                ),
                Bet(
                    _("Bring the lists of the first department over"), TypeKind.EPIC, Category.READY,
                    rice(80, "3.00", 80, "6"), goal=0, problem=0, weeks=(3, 8), released=True,
                ),
                Bet(
                    _("Who still uses the old system"), TypeKind.DISCOVERY, Category.SHAPING, goal=1, problem=1,
                    weeks=(2, 5),
                ),
                Bet(_("Archive that can be read for ten years"), TypeKind.FEATURE, Category.PROPOSED, goal=1, problem=1),
            ),
            release=Ship(_("First department"), 8),
        ),
    ),
)  # fmt: skip

SAMPLES = (
    Sample(
        "ROAST", _("Roastbook"), Kind.SOFTWARE, Stage.IN_LIFE, _("Orders and roasting plans for small coffee roasters"),
        _("A roaster spends the morning at the drum, not at the desk."),
        Plan(
            goals=(
                Goal(
                    _("Roasters plan the week in ten minutes"),
                    (
                        Result(_("Roasters that plan in Roastbook every week"), "%", 22, 41, 65),
                        Result(_("Minutes from first order to finished plan"), "min", 45, 28, 10),
                    ),
                ),
                Goal(
                    _("Cafés order by themselves"),
                    (Result(_("Orders that come in without a phone call"), "%", 18, 37, 80),),
                ),
            ),
            problems=(
                Trouble(_("Orders come by phone, mail and on paper"), _("Roasters with more than ten cafés"), ProblemState.VALIDATED),
                Trouble(_("A drum stands empty because a bag was not counted"), _("Roasting staff"), ProblemState.EXPLORING),
                Trouble(_("Cafés don't know when their beans arrive"), _("Café owners")),
            ),
            bets=(
                Bet(
                    _("Order page for cafés"), TypeKind.EPIC, Category.BUILDING, rice(340, "3.00", 80, "8"),
                    goal=1, problem=0, weeks=(-3, 5), released=True,
                ),
                Bet(
                    _("Repeat last week's order"), TypeKind.FEATURE, Category.BUILDING, rice(300, "2.00", 90, "2"),
                    goal=1, problem=0, weeks=(1, 4), released=True,
                ),
                Bet(
                    _("Green stock counted down by each roast"), TypeKind.FEATURE, Category.READY,
                    rice(120, "2.00", 80, "5"), goal=0, problem=1, weeks=(4, 10),
                ),
                Bet(
                    _("Message when the beans are on their way"), TypeKind.FEATURE, Category.READY,
                    rice(340, "1.00", 80, "2"), goal=1, problem=2, weeks=(5, 8),
                ),
                Bet(
                    _("Roasting plan by drag and drop"), TypeKind.IMPROVEMENT, Category.SHAPING,
                    rice(90, "2.00", 50, "4"), goal=0, weeks=(9, 15),
                ),
                Bet(
                    _("Prices for each café"), TypeKind.FEATURE, Category.SHAPING, rice(110, "1.00", 80, "3"), goal=1,
                ),
                Bet(_("Plan prints on one page"), TypeKind.IMPROVEMENT, Category.SHIPPED, rice(90, "0.50", 100, "1"), goal=0),
                Bet(_("Weights with a comma are read as thousands"), TypeKind.BUG, Category.SHIPPED),
                Bet(_("How do roasters split a bag?"), TypeKind.DISCOVERY, Category.PROPOSED, goal=0, problem=1),
            ),
            release=Ship(_("Summer release"), 5),
        ),
        Health.ON_TRACK, "",
        (
            Voice(
                _("Nordic Beans"), _("Please, no more phone calls on Mondays"),
                _("We have 34 cafés. On Mondays two of us do nothing but write down orders. If a café could repeat the order of last week, we would be roasting by nine."),
                Source.CALL, 1, _("If a café could repeat the order of last week"), Importance.CRITICAL, 18400,
            ),
            Voice(
                _("Harbour Coffee"), _("Ran out of Ethiopian again"),
                _("On Thursday the plan said 40 kg and there were 12. The stock should go down by itself when we roast."),
                Source.SUPPORT, 2, _("The stock should go down by itself when we roast"), Importance.IMPORTANT, 7200,
            ),
            Voice(
                _("Three Sisters Roastery"), _("When will it arrive?"),
                _("Our cafés ask us every day when the van comes. A short message in the morning would do."),
                Source.MAIL, None, "", Importance.NICE, 5100,
            ),
        ),
    ),
    Sample(
        "SCOOP", _("Scoop"), Kind.PHYSICAL, Stage.DEVELOPMENT, _("A scale that tells Roastbook what is in the sack"),
        _("Nobody counts sacks by hand again."),
        Plan(
            goals=(
                Goal(
                    _("Fifty roasters use a pilot scale"),
                    (
                        Result(_("Pilot scales in use"), "", 0, 12, 50),
                        Result(_("Weighings that arrive in Roastbook"), "%", 0, 91, 99),
                    ),
                ),
            ),
            problems=(Trouble(_("Sacks are counted once a month, by hand"), _("Roasting staff"), ProblemState.VALIDATED),),
            bets=(
                Bet(_("Pilot series of fifty"), TypeKind.EPIC, Category.BUILDING, goal=0, problem=0, weeks=(-2, 9), released=True),
                Bet(_("Second source for the load cell"), TypeKind.FEATURE, Category.READY, goal=0, weeks=(3, 12)),
                Bet(_("Approval as a scale for trade"), TypeKind.FEATURE, Category.SHAPING, goal=0, weeks=(6, 20)),
                Bet(_("Works without a network for a day"), TypeKind.FEATURE, Category.PROPOSED, goal=0, problem=0),
            ),
            release=Ship(_("Pilot series"), 9),
        ),
        Health.AT_RISK, _("The load cell comes from one supplier, and it is late by three weeks."),
        (
            Voice(
                _("Nordic Beans"), _("Notes from the pilot"),
                _("It is quick and the display can be read with gloves on. When the network was down on Tuesday it forgot the morning."),
                Source.MEETING, 3, _("When the network was down on Tuesday it forgot the morning"), Importance.IMPORTANT,
            ),
        ),
    ),
    Sample(
        "CUPS", _("Cupping school"), Kind.SERVICE, Stage.ANALYSIS, _("A day of tasting for the staff of cafés"),
        _("Whoever sells a coffee can say what it tastes of."),
        Plan(
            goals=(Goal(_("Know whether cafés would pay for it"), (Result(_("Cafés that signed up for a trial day"), "", 0, 4, 10),)),),
            problems=(Trouble(_("Staff can't say what a coffee tastes of"), _("Café owners")),),
            bets=(
                Bet(_("Trial day with ten cafés"), TypeKind.DISCOVERY, Category.READY, goal=0, problem=0, weeks=(2, 6)),
                Bet(_("Price: per head or per café?"), TypeKind.DISCOVERY, Category.PROPOSED, goal=0),
            ),
        ),
    ),
)  # fmt: skip
