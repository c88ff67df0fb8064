from roadmap.models.item import Horizon, Item, ItemType
from roadmap.models.release import Release
from roadmap.models.status import Category, Status

__all__ = ["Category", "Horizon", "Item", "ItemType", "Release", "Status"]
