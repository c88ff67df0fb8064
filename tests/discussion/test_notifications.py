import pytest

from accounts.models import Member
from accounts.roles import Role
from discussion.models import Comment, Kind, Notification
from discussion.models.preference import Preference, When
from jobs.models import Job
from tests.factories import make_item, make_member, make_team


def told(member):
    return [(row.kind, row.comment and row.comment.body) for row in Notification.objects.visible_to(member)]


def test_who_is_mentioned_is_told_once_though_they_watch_too(cast, item, say):
    item.thread.watch(cast.mona)
    say("bob", item, "@Mona @Mona look")
    assert told(cast.mona) == [("mention", "@Mona @Mona look")]


def test_who_watches_or_commented_is_told_but_never_of_ones_own(cast, item, say):
    say("bob", item, "one")
    say("mona", item, "two")
    assert told(cast.bob) == [("comment", "two")]
    assert told(cast.mona) == []


def test_who_stopped_watching_is_not_told(cast, as_member, item, say):
    say("bob", item, "one")
    as_member(cast.bob).post(f"/w/polarline/threads/{item.thread.public_id}/watch/", {"watch": "0"})
    say("mona", item, "two")
    assert told(cast.bob) == []


def test_a_new_lead_is_told_and_watches(cast, item, say):
    item.edit(by=cast.actor("mona"), lead=cast.bob)
    assert told(cast.bob) == [("assignment", None)]
    item.edit(by=cast.actor("mona"), lead=cast.bob, reach=3)
    assert len(told(cast.bob)) == 1
    say("mona", item, "yours")
    assert len(told(cast.bob)) == 2


def test_an_item_made_with_a_lead_tells_its_lead_and_who_takes_it_is_not_told(cast):
    make_item(cast.product, lead=cast.bob, by=cast.actor("mona"))
    make_item(cast.product, lead=cast.mona, by=cast.actor("mona"))
    assert told(cast.bob) == [("assignment", None)]
    assert told(cast.mona) == []


def test_an_import_does_not_tell_every_lead_of_every_row(cast):
    rows = [{"title": f"Row {number}", "lead": cast.bob} for number in range(5)]
    type(make_item(cast.product)).add_many(cast.product, rows, by=cast.actor("mona"))
    assert told(cast.bob) == []


def test_an_edit_tells_only_whom_it_newly_mentions(cast, item, say):
    comment = say("bob", item, "@Mona")
    comment.edit(by=cast.actor("bob"), body="@Mona and @Carol")
    comment.edit(by=cast.actor("bob"), body="@Mona and @Carol, again")
    assert len(told(cast.mona)) == 1
    assert len(told(cast.carol)) == 1


def test_members_who_do_not_see_the_product_are_never_told(cast, secret_item, say):
    say("mona", secret_item, "@Dave @Mallory @Bob")
    assert not Notification.objects.filter(member__in=[cast.dave, cast.mallory]).exists()
    assert told(cast.bob) != []
    assert '<span class="mention">@Dave' not in Comment.objects.with_people().get().html


def test_removed_members_are_never_told(cast, item, say):
    item.thread.watch(cast.bob)
    cast.bob.remove(by=cast.actor("alice"))
    say("mona", item, "@Bob")
    assert not Notification.objects.filter(member=cast.bob).exists()


def test_what_goes_out_of_sight_leaves_list_and_count(cast, as_member, secret_item, say):
    say("mona", secret_item, "@Bob")
    client = as_member(cast.bob)
    assert ", 1 unread" in client.get("/w/polarline/notifications/bell/").content.decode()
    cast.secret.limit_to([], by=cast.actor("alice"))
    cast.secret.limit_to([make_team(cast.workspace, "Smaller", cast.mona)], by=cast.actor("alice"))
    assert "unread" not in client.get("/w/polarline/notifications/bell/").content.decode()
    assert "Secret plan" not in client.get("/w/polarline/notifications/").content.decode()
    notification = Notification.objects.get()
    assert client.post(f"/w/polarline/notifications/{notification.public_id}/open/").status_code == 404


def test_what_is_deleted_leaves_list_and_count(cast, item, say):
    comment = say("mona", item, "@Bob one")
    say("mona", item, "@Bob two")
    comment.delete_softly(by=cast.actor("mona"))
    assert told(cast.bob) == [("mention", "@Bob two")]
    item.delete_softly(by=cast.actor("mona"))
    assert told(cast.bob) == []


def test_the_bell_counts_the_unread_and_the_list_marks_them_read(cast, as_member, item, say):
    say("mona", item, "@Bob one")
    say("mona", item, "@Bob two")
    client = as_member(cast.bob)
    assert ", 2 unread" in client.get("/w/polarline/notifications/bell/").content.decode()
    newest = Notification.objects.first()
    opened = client.post(f"/w/polarline/notifications/{newest.public_id}/open/")
    assert opened["Location"] == f"/w/polarline/p/DSP/items/{item.number}/"
    assert ", 1 unread" in client.get("/w/polarline/notifications/bell/").content.decode()
    client.post("/w/polarline/notifications/read/")
    assert "unread" not in client.get("/w/polarline/notifications/bell/").content.decode()


def test_the_list_says_who_what_and_where(cast, as_member, item, say):
    say("mona", item, "@Bob is this **fast**?")
    shown = as_member(cast.bob).get("/w/polarline/notifications/").content.decode()
    assert f"<b>Mona</b> mentioned you on <b>DSP-{item.number} Live ETA link</b>" in shown
    assert "<strong>fast</strong>" in shown
    assert "is-new" in shown


def test_the_list_chooses_by_kind(cast, as_member, item, say):
    item.edit(by=cast.actor("mona"), lead=cast.bob)
    say("mona", item, "watched words")
    client = as_member(cast.bob)
    assert "watched words" not in client.get("/w/polarline/notifications/?kind=assignment").content.decode()
    assert "watched words" in client.get("/w/polarline/notifications/?kind=comment").content.decode()
    assert client.get("/w/polarline/notifications/?kind=nonsense&after=broken").status_code == 302


def test_names_and_titles_are_shown_as_typed(cast, as_member):
    item = make_item(cast.product, "{who} <b>%(title)s</b> {title.__class__}")
    item.edit(by=cast.actor("mona"), lead=cast.bob)
    shown = as_member(cast.bob).get("/w/polarline/notifications/").content.decode()
    assert "{who} &lt;b&gt;%(title)s&lt;/b&gt; {title.__class__}" in shown


@pytest.mark.parametrize("who", ["anton", "mona", "mallory"])
def test_the_notifications_of_others_do_not_exist(cast, as_member, item, say, who):
    say("alice", item, "@Bob")
    row = Notification.objects.get(member=cast.bob)
    slug = "elsewhere" if who == "mallory" else "polarline"
    client = as_member(getattr(cast, who))
    for verb in ("open", "read"):
        assert client.post(f"/w/{slug}/notifications/{row.public_id}/{verb}/").status_code == 404
    client.post(f"/w/{slug}/notifications/read/")
    row.refresh_from_db()
    assert row.read_at is None


def test_the_list_costs_the_same_with_many(cast, as_member, say, count_queries):
    client = as_member(cast.bob)
    for _ in range(3):
        say("mona", make_item(cast.product), "@Bob")
    few = count_queries(lambda: client.get("/w/polarline/notifications/"))
    for _ in range(27):
        say("carol", make_item(cast.product), "@Bob and @Mona")
    assert count_queries(lambda: client.get("/w/polarline/notifications/")) == few


def test_who_started_work_hears_of_its_end(cast, as_member, do_all_jobs, tmp_path):
    job = Job.enqueue("trial.planned", by=cast.actor("mona"), workspace=cast.workspace, folder=str(tmp_path))
    do_all_jobs()
    (row,) = Notification.objects.filter(member=cast.mona)
    assert (row.kind, row.job) == (Kind.JOB, job)
    assert (
        "Finished: <b>Trial with steps</b>" in as_member(cast.mona).get("/w/polarline/notifications/").content.decode()
    )


def test_a_new_member_starts_with_nothing(cast):
    newcomer = make_member(cast.workspace, Role.VIEWER, "Zoe")
    assert not Notification.objects.visible_to(Member.objects.get(pk=newcomer.pk)).exists()


def test_finished_work_at_a_product_that_one_sees_no_more_is_not_told(cast, do_all_jobs, tmp_path):
    Job.enqueue(
        "trial.planned", by=cast.actor("bob"), workspace=cast.workspace, product=cast.secret, folder=str(tmp_path)
    )
    do_all_jobs()
    assert len(told(cast.bob)) == 1
    cast.secret.limit_to([make_team(cast.workspace, "Smaller", cast.mona)], by=cast.actor("alice"))
    assert told(cast.bob) == []


def test_a_comment_asks_as_many_questions_for_thirty_who_are_mentioned_or_watch_as_for_three(
    cast, secret_item, as_member, count_queries
):
    counts, names = [], []
    people = f"/w/polarline/threads/{secret_item.thread.public_id}/people/?q=Viewer"
    mona = as_member(cast.mona)
    Comment.post(secret_item.thread, "First", by=cast.actor("mona"))
    for size in (3, 30):
        while len(names) < size:
            member = make_member(cast.workspace, Role.ADMIN, f"Viewer{len(names):02}")
            Preference.objects.create(member=member, mention=When.NEVER)
            secret_item.thread.watch(member)
            names.append(f"@{member.user.name}")
        for text in ("Look", " ".join(names)):
            counts.append(
                count_queries(lambda text=text: Comment.post(secret_item.thread, text, by=cast.actor("mona")))
            )
        counts.append(count_queries(lambda: mona.get(people)))
    assert counts[:3] == counts[3:]
    assert Notification.objects.filter(kind=Kind.MENTION).count() == 3 + 30
    assert Notification.objects.filter(kind=Kind.COMMENT, member__role=Role.ADMIN).count() == 3 + 30
