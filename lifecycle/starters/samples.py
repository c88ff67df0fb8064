"""The words and numbers of the samples that a new workspace can look at."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from feedback.models import Importance, Source
from lifecycle.starters.plans import Bet, Goal, Plan, Result, Sample, Ship, Trouble, Voice, rice
from products.models import Health, Stage
from products.models.problem import ProblemState
from products.models.product import Kind
from roadmap.models import Category, TypeKind

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
