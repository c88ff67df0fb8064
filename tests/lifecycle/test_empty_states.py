"""A list without rows says what belongs there, and the one thing to do next."""

import pytest

from tests.factories import make_product

LISTS = {
    "p/DSP/backlog/": "No items yet",
    "p/DSP/releases/": "Plan a release",
    "p/DSP/roadmap/": "Nothing is scheduled here",
    "p/DSP/share/links/": "No links yet",
    "p/DSP/strategy/": "Set a goal",
    "p/DSP/": "Describe a problem",
    "feedback/": "empty",
    "customers/": "empty",
    "portal/": "empty",
    "notifications/": "empty",
    "lifecycle/": "No review has a day yet",
    "settings/teams/": "No teams yet",
    "settings/tokens/": "empty",
    "lines/": "No product lines yet",
}


@pytest.mark.parametrize(("path", "text"), LISTS.items(), ids=LISTS.keys())
def test_an_empty_list_says_what_belongs_there(cast, as_member, path, text):
    workspace = cast.mallory.workspace
    make_product(workspace, "DSP")
    page = as_member(cast.mallory).get(f"/w/{workspace.slug}/{path}")
    assert page.status_code == 200
    assert 'class="empty"' in page.content.decode()
    assert text in page.content.decode()
