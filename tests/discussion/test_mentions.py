from itertools import count

import pytest

from accounts.models import Member, User
from discussion.mentions import html_with, mentioned_in

numbers = count(1)


def person(name, email=""):
    return Member(pk=next(numbers), user=User(name=name, email=email or f"{name.split()[0].lower()}@example.com"))


jonas, joan = person("Jonas Weber"), person("Joan Weber")
tomas, other_tomas = person("Tomás Herrera", "th@example.com"), person("Tomás Ruiz", "ruiz@example.com")
everybody = [jonas, joan, tomas, other_tomas]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("@Jonas Weber is that fast enough?", [jonas]),
        ("@jonas is that fast enough?", [jonas]),
        ("Is that so, @Jonas? (@Joan)", [jonas, joan]),
        ("@Jonas @Jonas Weber", [jonas]),
        ("@Tomás which one?", []),
        ("@Tomás Herrera you", [tomas]),
        ("@ruiz by address", [other_tomas]),
        ("@Jonassen is somebody else", []),
        ("write to jonas@example.com", []),
        ("@nobody", []),
        ("**@Jonas**", [jonas]),
        ("see https://example.com/@Jonas", []),
    ],
)
def test_a_name_after_an_at_sign_means_one_member(text, named):
    assert mentioned_in(text, everybody) == named


def test_mentions_stand_out_and_nothing_runs():
    html = html_with("@Jonas Weber look: <script>alert(1)</script> [x](javascript:alert(1))", [jonas])
    assert '<span class="mention">@Jonas Weber</span>' in html
    assert "<script" not in html
    assert 'href="javascript' not in html


def test_a_mention_within_an_attribute_stays_text():
    html = html_with('[link](https://example.com "by @Jonas > all") and @Jonas', [jonas])
    assert html.count('<span class="mention">') == 1
    assert 'title="by @Jonas &gt; all"' in html


def test_marks_that_somebody_typed_mean_nothing():
    assert '<span class="mention">' not in html_with("\ue000bold\ue001", [jonas])
