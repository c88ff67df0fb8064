from accounts.history import Versioned
from changes.models.change import Change
from changes.models.deletable import Deletable, DeletableManager
from changes.models.version import Version

__all__ = ["Change", "Deletable", "DeletableManager", "Version", "Versioned"]
