import pytest

from changes import live
from tests.factories import SYSTEM


@pytest.fixture
def sent(monkeypatch, django_capture_on_commit_callbacks):
    """sent(act) → the messages that open browsers get."""
    messages = []
    monkeypatch.setattr(live, "publish", messages.extend)

    def send(act):
        with django_capture_on_commit_callbacks(execute=True):
            act()
        return [(message.channel.split(":")[1], message.public_id) for message in messages]

    return send


def test_the_workspace_hears_that_some_product_changed_and_its_own_channel_which(cast, sent):
    assert sent(lambda: cast.product.edit(by=SYSTEM, tagline="x")) == [("product", "DSP"), ("workspace", "*")]


def test_of_a_limited_product_the_workspace_hears_nothing(cast, sent):
    assert sent(lambda: cast.secret.edit(by=SYSTEM, tagline="x")) == [("product", "SEC")]
