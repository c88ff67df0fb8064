from __future__ import annotations

from accounts import presence
from accounts.models import ApiToken

TOKENS = "/w/polarline/settings/tokens/"


def issue(client, **fields):
    return client.post(TOKENS, {"name": "CI notes", "scope": "read", "lasts": 30, **fields})


def test_a_token_is_shown_once_and_kept_as_a_hash(cast, as_member):
    client = as_member(cast.bob)
    answer = issue(client)
    secret = answer.context["secret"]
    token = ApiToken.by_secret(secret)
    assert token.member == cast.bob
    assert secret in answer.content.decode()
    assert answer["Cache-Control"] == "private, no-store"
    assert secret not in client.get(TOKENS).content.decode()
    assert secret not in str(ApiToken.objects.values().get())


def test_members_see_and_revoke_their_own_tokens_admins_all(cast, as_member):
    secret = issue(as_member(cast.bob)).context["secret"]
    token = ApiToken.objects.get()
    assert "CI notes" not in as_member(cast.mona).get(TOKENS).content.decode()
    assert as_member(cast.mona).post(f"{TOKENS}{token.public_id}/revoke/").status_code == 404
    assert as_member(cast.mallory).post(f"/w/elsewhere/settings/tokens/{token.public_id}/revoke/").status_code == 404
    assert ApiToken.by_secret(secret) is not None
    assert "CI notes" in as_member(cast.anton).get(TOKENS).content.decode()
    assert as_member(cast.anton).post(f"{TOKENS}{token.public_id}/revoke/").status_code == 302
    assert ApiToken.by_secret(secret) is None


def test_a_wrong_form_is_answered_with_what_was_typed(cast, as_member):
    for wrong in ({"scope": "everything"}, {"lasts": "1e9"}, {"lasts": "-1"}, {"name": ""}, {"name": "x" * 81}):
        answer = issue(as_member(cast.bob), **wrong)
        assert answer.status_code == 422
        assert "name" in wrong or "CI notes" in answer.content.decode()
    assert not ApiToken.objects.exists()


def test_the_page_says_when_a_token_was_last_used(cast, as_member, client, monkeypatch):
    monkeypatch.setattr(presence, "_noted", {})  # another test may have noted a token of this id
    secret = issue(as_member(cast.bob)).context["secret"]
    assert as_member(cast.bob).get(TOKENS).context["rows"][0][1] is None
    client.get("/api/v1/members/", headers={"Authorization": f"Bearer {secret}"})
    assert as_member(cast.bob).get(TOKENS).context["rows"][0][1] is not None
