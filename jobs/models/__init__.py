from jobs.models.job import Job
from jobs.models.mail import Mail
from jobs.models.progress import ClaimLost, Stopped
from jobs.models.queue import JobQuerySet, State

__all__ = ["ClaimLost", "Job", "JobQuerySet", "Mail", "State", "Stopped"]
