"""What each role can do, in words, for the page of members. The decisions are in accounts/access.py and the verbs."""

from django.utils.translation import gettext_lazy as _

from accounts.roles import Role

ROLE_TABLE = [
    (_("See products and roadmaps, sign when named"), Role.VIEWER),
    (_("Comment, vote, add feedback, propose items"), Role.CONTRIBUTOR),
    (_("Edit items, rank, plan releases"), Role.MANAGER),
    (_("Share publicly, change strategy"), Role.MANAGER),
    (_("Chair a gate, record decisions"), Role.MANAGER),
    (_("Members, teams, settings"), Role.ADMIN),
    (_("Delete the workspace, make owners"), Role.OWNER),
]
