"""The changelog: what people outside read, the feed, and subscribers who are mailed once."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from django.test import Client

from config import clock
from feedback.models import Changelog, Subscriber
from jobs import running
from jobs.models import Job, Mail
from roadmap.models import Release, ReleaseNotes
from tests.cast import Cast
from tests.factories import SYSTEM, make_portal

pytestmark = pytest.mark.django_db
LOG = "/portal/polarline/changelog/DSP/"


@pytest.fixture
def changelog(cast: Cast) -> Changelog:
    made = Changelog.of(cast.product)
    made.set_up(access="public", title="What is new", intro="In short.", by=SYSTEM)
    return made


def publish(cast: Cast, name: str = "5.1", text: str = "- Plans **load** faster") -> ReleaseNotes:
    notes = ReleaseNotes.write(Release.plan(cast.product, name, by=SYSTEM), by=SYSTEM, title=name, text=text)
    notes.publish(by=SYSTEM)
    return notes


def subscribe(changelog: Changelog, email: str = "ada@example.com") -> Subscriber:
    row = Subscriber.objects.create(workspace=changelog.workspace, changelog=changelog, email=email)
    row.confirm()
    return row


def work(**those: str) -> None:
    """Do all jobs that wait, as workers would; those that the first of them ask for too."""
    for _twice in range(2):
        for job in Job.objects.filter(state="queued", **those):
            running.perform(job.pk)


def shown(answer) -> str:
    return answer.content.decode()


def test_it_is_closed_until_a_manager_opens_it(cast: Cast, as_member, client: Client):
    publish(cast)
    assert client.get(LOG).status_code == 404
    url = "/w/polarline/p/DSP/changelog/"
    sent = {"access": "public", "title": "What is new", "intro": ""}
    assert as_member(cast.carol).post(url, sent).status_code == 403
    assert as_member(cast.mona).post(url, sent).status_code == 302
    assert "<strong>load</strong>" in shown(client.get(LOG))
    assert as_member(cast.mona).post(url, {**sent, "title": ""}).status_code == 422


def test_only_what_was_published_is_read_and_taking_it_back_works_at_once(cast, client: Client, changelog: Changelog):
    notes = publish(cast, text="Told")
    notes.edit(by=SYSTEM, text="Not yet told", title="Not yet")
    ReleaseNotes.write(Release.plan(cast.product, "Hidden draft", by=SYSTEM), by=SYSTEM, text="Draft")
    one, feed = f"{LOG}notes/{notes.public_id}/", f"{LOG}feed.xml"
    for url in (LOG, one, feed):
        page = shown(client.get(url))
        assert "Told" in page
        assert "Not yet" not in page
        assert "Draft" not in page
    notes.unpublish(by=SYSTEM)
    assert "Told" not in shown(client.get(LOG)) + shown(client.get(feed))
    assert client.get(one).status_code == 404


def test_notes_of_a_deleted_release_and_of_another_product_are_not_there(cast: Cast, client: Client, changelog):
    notes = publish(cast, text="Told")
    other = ReleaseNotes.write(Release.plan(cast.secret, "S", by=SYSTEM), by=SYSTEM, text="Secret")
    other.publish(by=SYSTEM)
    assert client.get(f"{LOG}notes/{other.public_id}/").status_code == 404
    assert client.get("/portal/polarline/changelog/SEC/").status_code == 404
    notes.release.delete_softly(by=SYSTEM)
    assert "Told" not in shown(client.get(LOG))


def test_scripts_do_not_run_on_it_nor_in_its_feed(cast: Cast, client: Client, changelog: Changelog):
    publish(cast, name="<b>5.1</b>", text="<script>alert(1)</script> [x](javascript:alert(1)) & ]]>")
    for url in (LOG, f"{LOG}feed.xml"):
        page = shown(client.get(url))
        assert "<script>alert" not in page
        assert "<b>5.1" not in page
        assert 'href="javascript' not in page


def test_the_feed_can_be_read_and_leads_to_the_notes(cast: Cast, client: Client, changelog: Changelog, settings):
    settings.BASE_URL = "https://cradle.example"
    notes = publish(cast)
    answer = client.get(f"{LOG}feed.xml", headers={"host": "testserver"})
    assert answer["Content-Type"].startswith("application/rss+xml")
    [item] = ElementTree.fromstring(answer.content).iter("item")  # noqa: S314 - our own
    assert item.findtext("link") == f"https://cradle.example{LOG}notes/{notes.public_id}/"
    assert "<strong>load</strong>" in str(item.findtext("description"))


def test_a_character_that_xml_does_not_have_does_not_break_the_feed(cast: Cast, client: Client, changelog: Changelog):
    publish(cast, name="5.\x0b1", text="- Plans\x1b load\ufffe faster")
    changelog.set_up(access="public", title="What\x07 is new", intro="", by=cast.actor("mona"))
    answer = client.get(f"{LOG}feed.xml")
    assert answer.status_code == 200
    assert "Plans load faster" in "".join(ElementTree.fromstring(answer.content).itertext())  # noqa: S314 - ours


def test_a_private_one_wants_a_sign_in_and_has_no_feed(cast: Cast, client: Client, changelog: Changelog, as_member):
    publish(cast, text="Told")
    refused = as_member(cast.mona).post(
        "/w/polarline/p/DSP/changelog/", {"access": "private", "title": "x", "intro": ""}
    )
    assert (refused.status_code, "Open the portal first" in shown(refused)) == (422, True)
    make_portal(cast.workspace, cast.product)
    changelog.set_up(access="private", title="x", intro="", by=SYSTEM)
    answer = client.get(LOG)
    assert (answer.status_code, "/portal/polarline/sign-in/" in answer["Location"]) == (302, True)
    assert client.get(f"{LOG}feed.xml").status_code == 404


def test_it_costs_as_much_with_thirty_notes_as_with_three(cast: Cast, client: Client, changelog, count_queries):
    counts = []
    for target in (3, 30):
        while ReleaseNotes.objects.count() < target:
            publish(cast, name=f"R{ReleaseNotes.objects.count()}")
        counts.append(count_queries(lambda: client.get(LOG)))
    assert counts[0] == counts[1] <= 4
    assert "Earlier releases" in shown(client.get(LOG))


# --- subscribers


def link_in(mail: Mail, part: str) -> str:
    found = re.search(rf"/portal/\S*{part}\S*", mail.text)
    assert found
    return found[0]


def test_one_subscribes_by_the_link_that_was_mailed_and_stops_by_that_of_any_mail(cast, client: Client, changelog):
    said = shown(client.post(f"{LOG}subscribe/", {"email": "Ada@Example.com"}))
    assert "Look into your mail" in said
    link = link_in(Mail.objects.get(to="ada@example.com"), "confirm")
    assert Subscriber.objects.get().confirmed_at is None
    client.get(link)  # as programs that look at mails do
    assert Subscriber.objects.get().confirmed_at is None
    assert "You are subscribed" in shown(client.post(link))
    assert client.post(link).status_code == 404
    publish(cast)
    work()
    stop = link_in(Mail.objects.get(template="release_notes"), "unsubscribe")
    client.get(stop)
    assert Subscriber.objects.exists()
    changelog.set_up(access="closed", title="x", intro="", by=SYSTEM)
    program = Client(enforce_csrf_checks=True)  # as mail programs do, which have seen no page
    assert "not subscribed any more" in shown(program.post(stop, {"List-Unsubscribe": "One-Click"}))
    assert not Subscriber.objects.exists()


def test_each_is_mailed_once_however_often_it_is_published_and_the_job_runs(cast: Cast, changelog: Changelog):
    subscribe(changelog)
    subscribe(changelog, "bob@example.com")
    Subscriber.objects.create(workspace=cast.workspace, changelog=changelog, email="never-said-yes@example.com")
    notes = publish(cast)
    work()
    notes.unpublish(by=SYSTEM)
    notes.publish(by=SYSTEM)
    work()
    Job.objects.filter(kind="mail_release_notes").update(state="queued")
    work()
    assert Job.objects.get(kind="mail_release_notes").result == {"mailed": 0}
    assert sorted(Mail.objects.values_list("to", flat=True)) == ["ada@example.com", "bob@example.com"]
    assert Mail.objects.exclude(sent_at=None).count() == 2


def test_a_mail_says_the_notes_in_lines_of_words(cast: Cast, changelog: Changelog):
    subscribe(changelog)
    publish(cast, text="## New\n\n- Plans **load** faster\n- [Sign](https://x.example) <b>once</b>")
    work()
    mail = Mail.objects.get(template="release_notes")
    assert "New\n\n• Plans load faster\n\n• Sign <b>once</b>" in mail.text
    assert "<b>once" not in mail.html
    assert "• Sign &lt;b&gt;once&lt;/b&gt;</p>" in mail.html


def test_who_stopped_and_what_was_taken_back_gets_no_mail(cast: Cast, changelog: Changelog):
    row = subscribe(changelog)
    first, _second = publish(cast, "5.1"), publish(cast, "5.2")
    work(kind="mail_release_notes")
    first.unpublish(by=SYSTEM)
    row.delete()
    work()
    assert Mail.objects.filter(sent_at=None).exclude(withheld_at=None).count() == 2


def test_nobody_learns_who_is_subscribed_and_old_links_do_not_hold(cast: Cast, client: Client, changelog: Changelog):
    subscribe(changelog)
    known, unknown = (
        shown(client.post(f"{LOG}subscribe/", {"email": email})) for email in ("ada@example.com", "new@example.com")
    )
    csrf = re.compile(r'(csrfmiddlewaretoken" value=|X-CSRFToken": )"[^"]+"')
    assert csrf.sub("", known) == csrf.sub("", unknown)
    assert [mail.to for mail in Mail.objects.all()] == ["new@example.com"]
    link = link_in(Mail.objects.get(), "confirm")
    Subscriber.objects.filter(email="new@example.com").update(expires_at=clock.now())
    assert client.post(link).status_code == 404


def test_a_wrong_address_gets_a_sentence_and_too_many_wait(cast: Cast, client: Client, changelog: Changelog):
    assert client.post(f"{LOG}subscribe/", {"email": "nobody"}).status_code == 422
    answers = [client.post(f"{LOG}subscribe/", {"email": "ada@example.com"}).status_code for _ in range(7)]
    assert answers[0] == 200
    assert answers[-1] == 429
