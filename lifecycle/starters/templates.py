"""The words and numbers of the templates that a new product can start from."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from lifecycle.starters.plans import Bet, Goal, Plan, Result, Ship, Starter, Trouble, rice
from products.models.product import Kind
from roadmap.models import Category, TypeKind

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
