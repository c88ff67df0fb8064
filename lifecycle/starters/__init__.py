"""Starter templates and samples. lifecycle/starting.py makes rows of them, through the verbs."""

from lifecycle.starters.plans import Bet, Goal, Plan, Sample, Starter, Voice
from lifecycle.starters.samples import SAMPLES
from lifecycle.starters.templates import STARTERS

__all__ = ["SAMPLES", "STARTERS", "Bet", "Goal", "Plan", "Sample", "Starter", "Voice"]
