from jobs.models.job import ClaimLost, Job, State, Stopped
from jobs.models.mail import Mail

__all__ = ["ClaimLost", "Job", "Mail", "State", "Stopped"]
