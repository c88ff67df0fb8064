from lifecycle.models.criterion import Criterion, CriterionState, Weight
from lifecycle.models.decision import Condition, Decision, Verdict
from lifecycle.models.gate import Gate
from lifecycle.models.sign_off import SignOff
from lifecycle.models.track import StageState, State, Track
from lifecycle.models.visit import Visit

__all__ = [
    "Condition",
    "Criterion",
    "CriterionState",
    "Decision",
    "Gate",
    "SignOff",
    "StageState",
    "State",
    "Track",
    "Verdict",
    "Visit",
    "Weight",
]
