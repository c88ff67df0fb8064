from feedback.models.changelog import Changelog, ChangelogAccess, Subscriber
from feedback.models.contact import Contact
from feedback.models.conversation import Conversation, Source, State
from feedback.models.customer import Customer, CustomerKind, CustomerProduct
from feedback.models.idea import Idea
from feedback.models.insight import Importance, Insight
from feedback.models.portal import Portal, PortalAccess, PortalProduct
from feedback.models.sign_in import PortalCode, PortalSession
from feedback.models.vote import Vote

__all__ = [
    "Changelog",
    "ChangelogAccess",
    "Contact",
    "Conversation",
    "Customer",
    "CustomerKind",
    "CustomerProduct",
    "Idea",
    "Importance",
    "Insight",
    "Portal",
    "PortalAccess",
    "PortalCode",
    "PortalProduct",
    "PortalSession",
    "Source",
    "State",
    "Subscriber",
    "Vote",
]
