import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from changes.models import Change
from jobs import running
from roadmap.importing import bringing_in
from roadmap.models import BacklogImport, Item, ItemLink
from tests.cast import make_cast
from tests.factories import SYSTEM

JIRA = (
    b"Summary,Issue key,Issue id,Issue Type,Status,Labels,Labels,Description,Custom field (Sponsor),Inward issue link (Blocks),Parent\n"
    b"Control tower,DSP-1,1,Epic,To Do,,,,,,\n"
    b"Live ETA link,DSP-2,2,Story,In Progress,eta,driver,h2. Why,Acme,,DSP-1\n"
    b"Bulk re-plan,DSP-3,3,Story,Done,,,,,DSP-2,1\n"
    b",DSP-4,4,Bug,To Do,,,,,,\n"
)


def bring_in(product, content=JIRA, name="jira.csv", by=SYSTEM):
    batch = BacklogImport.prepare(product, content, name, by=by)
    job = batch.begin(by=by)
    running.perform(job.pk)
    job.refresh_from_db()
    assert job.state == "done", job.details or job.error
    batch.refresh_from_db()
    return batch


def rows(product):
    fields = ("source_id", "title", "type", "status__name", "rank", "parent__source_id")
    return list(Item.objects.of(product).ranked().values_list(*fields))


@pytest.fixture
def committed(transactional_db):
    return make_cast()


def test_good_rows_land_and_rejected_ones_are_named_with_line_and_reason(committed):
    batch = bring_in(committed.product)
    assert (batch.result["added"], batch.result["rejected"]) == (3, 1)
    assert batch.result["reasons"][0][0] == "Line 5"
    assert "DSP-4" in batch.rejects
    eta = Item.objects.get(source_id="DSP-2")
    assert (eta.type, eta.status.name, eta.tags) == ("feature", "In build", ["eta", "driver"])
    assert eta.parent.source_id == "DSP-1"
    assert "Acme" in str(eta.source_data)


def test_items_whose_keys_are_the_products_own_keep_their_numbers(committed):
    bring_in(committed.product, JIRA.replace(b"DSP-", b"DSP-14"))
    assert set(Item.objects.of(committed.product).values_list("number", flat=True)) == {141, 142, 143}
    assert Item.add(committed.product, "next", by=SYSTEM).number > 143


def test_in_a_table_of_ones_own_a_parent_is_named_by_its_title(committed):
    table = b"Title,Type,Parent\nHarbour,Epic,\nCrew list,Feature,Harbour\nTide,Feature,Crew list\n"
    bring_in(committed.product, table, "own.csv")
    assert Item.objects.get(title="Crew list").parent.title == "Harbour"
    assert ItemLink.objects.filter(kind="relates").count() == 1  # under something that is no epic: beside it


def test_the_preview_counts_what_will_come_and_says_whom_nobody_knows(committed, as_member):
    table = b"Title,Lead,End date\nCrew list,Zoe Nobody,2026-12-01\nTide,,someday\nPilot,,2026-12-02\n"
    batch = BacklogImport.prepare(committed.product, table, "own.csv", by=committed.actor("mona"))
    page = as_member(committed.mona).get(f"/w/polarline/p/DSP/import/{batch.public_id}/").content.decode()
    assert "Import 2 rows" in page
    assert "1 left out." in page
    assert "No member is Zoe Nobody." in page


def test_dependencies_of_the_file_become_dependencies(committed):
    bring_in(committed.product)
    pairs = ItemLink.objects.filter(kind="needs").values_list("item__source_id", "other__source_id")
    assert set(pairs) in ({("DSP-2", "DSP-3")}, {("DSP-3", "DSP-2")})


def test_a_second_import_duplicates_nothing_and_writes_nothing(committed):
    bring_in(committed.product)
    before, changes = rows(committed.product), Change.objects.count()
    again = bring_in(committed.product)
    assert rows(committed.product) == before
    assert (again.result["added"], again.result["updated"], again.result["unchanged"]) == (0, 0, 3)
    assert Change.objects.exclude(verb__startswith="import.").count() <= changes


def test_a_changed_file_updates_what_changed(committed):
    bring_in(committed.product)
    again = bring_in(committed.product, JIRA.replace(b"Live ETA link", b"Live ETA for stores"))
    assert (again.result["added"], again.result["updated"]) == (0, 1)
    assert Item.objects.get(source_id="DSP-2").title == "Live ETA for stores"


def test_an_import_is_undone_as_one(committed):
    batch = bring_in(committed.product)
    batch.undo(by=committed.actor("mona"))
    assert not Item.objects.of(committed.product).exists()
    assert Item.objects.with_deleted().filter(product=committed.product).count() == 3


def test_a_worker_that_dies_halfway_ends_with_the_same_rows(committed, monkeypatch):
    monkeypatch.setattr(bringing_in, "CHUNK", 1)
    whole = bring_in(committed.product)
    expected = [row[:4] for row in rows(committed.product)]
    Item.objects.with_deleted().filter(product=committed.product)
    batch = BacklogImport.prepare(committed.secret, JIRA, "jira.csv", by=SYSTEM)
    job = batch.begin(by=SYSTEM)
    write, calls = bringing_in._Writer.write, []

    def dies(self, chunk):
        calls.append(chunk)
        if len(calls) == 2:
            raise ConnectionResetError("the worker is gone")
        write(self, chunk)

    monkeypatch.setattr(bringing_in._Writer, "write", dies)
    running.perform(job.pk)
    job.refresh_from_db()
    assert job.state == "queued"
    assert Item.objects.of(committed.secret).count() == 1
    monkeypatch.setattr(bringing_in._Writer, "write", write)
    type(job).objects.filter(pk=job.pk).update(run_at=job.created_at)
    running.perform(job.pk)
    assert [row[:4] for row in rows(committed.secret)] == expected
    assert whole.result["rows"] == 4


def test_the_wizard_goes_from_file_to_job(committed, as_member):
    mona = as_member(committed.mona)
    url = "/w/polarline/p/DSP/import/"
    uploaded = mona.post(url, {"file": SimpleUploadedFile("jira.csv", JIRA)})
    assert uploaded.status_code == 302
    page = mona.get(uploaded.url).content.decode()
    assert "Live ETA link" in page
    assert "Match columns" in page
    batch = BacklogImport.objects.get()
    begun = mona.post(uploaded.url, {"begin": "1", "status-0": "Ready"})
    assert "/jobs/" in begun.url
    batch.refresh_from_db()
    assert batch.job is not None


def test_a_hopeless_file_is_refused_with_a_sentence_and_the_paste_is_kept(cast, as_member):
    mona = as_member(cast.mona)
    url = "/w/polarline/p/DSP/import/"
    for body in ({}, {"file": SimpleUploadedFile("x.xlsx", b"PK\x03\x04broken")}, {"cells": "\0"}):
        answer = mona.post(url, body)
        assert answer.status_code == 422
        assert 'role="alert"' in answer.content.decode() or "banner" in answer.content.decode()
    assert BacklogImport.objects.count() == 0


def test_the_command_imports_and_tells(committed, tmp_path, capsys):
    file = tmp_path / "jira.csv"
    file.write_bytes(JIRA)
    call_command("import_backlog", str(file), "--product", "DSP")
    told = capsys.readouterr()
    assert "4 rows: 3 added, 0 updated, 0 unchanged, 1 rejected." in told.out
    assert "Line 5" in told.err


def test_a_status_that_was_not_recognised_is_shown_and_can_be_matched(cast, as_member):
    mona = as_member(cast.mona)
    cells = "Title,Status\nA,Done\nB,Ask Klaus\n"
    answer = mona.post("/w/polarline/p/DSP/import/", {"cells": cells}, follow=True)
    page, url = answer.content.decode(), answer.redirect_chain[-1][0]
    assert "Status for Ask Klaus" in page
    assert "check this one" in page
    again = mona.post(url, {"status-1": "Ready"}).content.decode()
    assert "<td>Ready</td>" in again
