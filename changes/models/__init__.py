from accounts.history import Versioned
from changes.models.answer import Answer
from changes.models.change import Change
from changes.models.deletable import Deletable, DeletableManager
from changes.models.version import Version

__all__ = ["Answer", "Change", "Deletable", "DeletableManager", "Version", "Versioned"]
