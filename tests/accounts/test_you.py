from __future__ import annotations

from django.test import Client

from accounts.audit import lines_of

YOU = "/w/polarline/settings/you/"


def signed_in(email="mona@example.com", password="correct horse battery"):
    client = Client()
    client.post("/accounts/login/", {"login": email, "password": password})
    return client


def test_a_person_changes_name_and_zone(cast, as_member):
    assert as_member(cast.mona).post(YOU, {"name": "Mona L.", "time_zone": "Asia/Tokyo"}).status_code == 302
    cast.mona.user.refresh_from_db()
    assert (cast.mona.user.name, cast.mona.user.time_zone) == ("Mona L.", "Asia/Tokyo")
    refused = as_member(cast.mona).post(YOU, {"name": "Kept", "time_zone": "../etc/passwd"})
    assert refused.status_code == 422
    assert "Kept" in refused.content.decode()


def test_a_new_password_ends_the_other_sessions_and_streams(cast, closed_streams):
    here, there = signed_in(), signed_in()
    assert there.get(YOU).status_code == 200
    with closed_streams() as closed:
        here.post(YOU + "password/", {"current": "correct horse battery", "new": "a longer phrase 4711"})
    assert closed == [cast.mona]
    assert here.get(YOU).status_code == 200
    assert there.get(YOU).status_code == 302
    assert signed_in().get(YOU).status_code == 302
    assert signed_in(password="a longer phrase 4711").get(YOU).status_code == 200


def test_the_new_password_must_be_good_and_the_current_one_right(cast):
    client = signed_in()
    for current, new in (
        ("wrong", "a longer phrase 4711"),
        ("correct horse battery", "short"),
        ("correct horse battery", "password12"),
    ):
        assert client.post(YOU + "password/", {"current": current, "new": new}).status_code == 422
    assert signed_in().get(YOU).status_code == 200


def test_guessing_the_current_password_is_slow(cast):
    client = signed_in()
    statuses = [
        client.post(YOU + "password/", {"current": f"guess {n}", "new": "a longer phrase 4711"}).status_code
        for n in range(11)
    ]
    assert statuses[-1] == 429


def test_clock_times_are_in_the_persons_zone(cast, as_member):
    client = as_member(cast.alice)
    page = client.get("/w/polarline/settings/security/")
    utc = lines_of(cast.workspace)[0].at.strftime("%H:%M:%S")
    assert utc in page.content.decode()
    cast.alice.user.introduce_yourself("Alice", "Asia/Kolkata")
    assert utc not in client.get("/w/polarline/settings/security/").content.decode()
