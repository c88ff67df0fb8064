import base64

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from discussion.models import Attachment
from discussion.models.attachment import tidy_name
from tests.factories import make_item


@pytest.fixture
def item(cast):
    return make_item(cast.product, "Bulk re-plan")


def at(item, path=""):
    return f"/w/polarline/threads/{item.thread.public_id}/attachments/{path}"


def upload(name="plan.pdf", content=b"%PDF hello"):
    return {"files": [SimpleUploadedFile(name, content, content_type="text/html")]}


def attached(client, item, **file):
    client.post(at(item), upload(**file))
    return Attachment.objects.get()


def test_a_contributor_attaches_and_a_viewer_fetches_it_as_a_download(cast, as_member, item):
    file = attached(as_member(cast.bob), item)
    assert "plan.pdf" not in file.file.name
    page = as_member(cast.carol).get(f"/w/polarline/p/DSP/items/{item.number}/").content.decode()
    assert "plan.pdf" in page
    answer = as_member(cast.carol).get(at(item, f"{file.public_id}/"))
    assert b"".join(answer.streaming_content) == b"%PDF hello"
    assert answer["Content-Disposition"] == 'attachment; filename="plan.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["Content-Type"] == "application/pdf"
    assert as_member(cast.carol).post(at(item), upload()).status_code == 403


def test_who_does_not_see_the_item_does_not_find_its_files(cast, as_member):
    item = make_item(cast.secret)
    file = attached(as_member(cast.bob), item)
    for person in (cast.dave, cast.mallory):
        workspace = "elsewhere" if person == cast.mallory else "polarline"
        url = at(item, f"{file.public_id}/").replace("polarline", workspace)
        assert as_member(person).get(url).status_code == 404
        assert as_member(person).post(at(item).replace("polarline", workspace), upload()).status_code == 404
    other = make_item(cast.product)
    assert as_member(cast.dave).get(at(other, f"{file.public_id}/")).status_code == 404
    item.delete_softly(by=cast.actor("mona"))
    assert as_member(cast.mona).get(at(item, f"{file.public_id}/")).status_code == 404


@pytest.mark.parametrize(
    "name", ["run.exe", "page.html", "picture.svg", "script.js", "none", "double.pdf.php", ".htaccess"]
)
def test_what_a_browser_or_machine_would_run_is_not_taken(cast, as_member, item, name):
    for headers in ({}, {"HX-Request": "true"}):
        answer = as_member(cast.mona).post(at(item), upload(name), headers=headers)
        assert answer.status_code == 422
        assert "kind that is not taken" in answer.content.decode()
    assert not Attachment.objects.exists()


def test_empty_too_large_and_missing_files_are_refused_with_a_sentence(cast, as_member, item, monkeypatch):
    mona = as_member(cast.mona)
    assert "is empty" in mona.post(at(item), upload(content=b"")).content.decode()
    assert "Choose a file" in mona.post(at(item), {}).content.decode()
    monkeypatch.setattr("discussion.models.attachment.LARGEST", 4)
    answer = mona.post(at(item), upload())
    assert answer.status_code == 422
    assert "larger than" in answer.content.decode()


def test_of_several_files_all_are_taken_or_none(cast, as_member, item):
    files = [SimpleUploadedFile("a.txt", b"a"), SimpleUploadedFile("b.exe", b"b")]
    assert as_member(cast.mona).post(at(item), {"files": files}).status_code == 422
    assert not Attachment.objects.exists()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/pass.txt", "pass.txt"),
        ("C:\\tmp\\a.pdf", "a.pdf"),
        ("a\r\nSet-Cookie: x.txt", "aSet-Cookie x.txt"),
        ("…ü.png", "…ü.png"),
    ],
)
def test_names_carry_no_paths_and_break_no_headers(given, kept):
    assert tidy_name(given) == kept


def test_authors_and_managers_delete_and_undo_brings_it_back(cast, as_member, item):
    file = attached(as_member(cast.alice), item)
    assert as_member(cast.bob).post(at(item, f"{file.public_id}/delete/")).status_code == 403
    answer = as_member(cast.mona).post(at(item, f"{file.public_id}/delete/"), headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert not Attachment.objects.exists()
    assert as_member(cast.mona).get(at(item, f"{file.public_id}/")).status_code == 404
    as_member(cast.mona).post(f"/w/polarline/changes/{answer['X-Change']}/undo/")
    assert Attachment.objects.get() == file


def test_the_item_page_asks_once_for_all_its_files(cast, as_member, item, count_queries):
    mona, counts = as_member(cast.mona), []
    for more in (3, 27):
        mona.post(at(item), {"files": [SimpleUploadedFile(f"{more}-{n}.txt", b"x") for n in range(more)]})
        mona.get(f"/w/polarline/p/DSP/items/{item.number}/")
        counts.append(count_queries(lambda: mona.get(f"/w/polarline/p/DSP/items/{item.number}/")))
    assert counts[0] == counts[1]


def test_the_api_attaches_fetches_and_deletes(cast, api, item):
    body = {"thread": item.thread.public_id, "name": "note.txt", "content": base64.b64encode(b"hello").decode()}
    made = api(cast.bob, "post", "/api/v1/attachments/", body)
    assert made.status_code == 201, made.content
    url = f"/api/v1/attachments/{made.json()['id']}/"
    assert (made.json()["size"], made.json()["content_type"]) == (5, "text/plain")
    answer = api(cast.carol, "get", f"{url}content/")
    assert b"".join(answer.streaming_content) == b"hello"
    assert answer["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert api(cast.mallory, "get", f"{url}content/").status_code == 404
    assert api(cast.carol, "post", "/api/v1/attachments/", body).status_code == 403
    for wrong in ({**body, "name": "x.exe"}, {**body, "content": "???"}):
        assert api(cast.bob, "post", "/api/v1/attachments/", wrong).status_code in (400, 422)
    assert api(cast.bob, "delete", url).status_code == 204
