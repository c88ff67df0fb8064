"""What each role can do, in words, for the page of members. The decisions are in accounts/access.py and the verbs."""

from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
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


@lru_cache
def drawn(language: str) -> SafeString:
    """The table as HTML, drawn once per process and language: it is the same for everybody."""
    return render_to_string("accounts/members/_role_table.html", {"lines": ROLE_TABLE, "roles": list(Role)})
