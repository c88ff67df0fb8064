from jobs.models.job import ClaimLost, Job, State, Stopped

__all__ = ["ClaimLost", "Job", "State", "Stopped"]
