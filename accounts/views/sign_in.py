"""The pages of django-allauth that we expose, each with who may open it. Those that are not here do not exist:
sign-up (ours is in join.py), changing e-mail addresses, codes by mail, passkeys, signing in by other providers."""

from __future__ import annotations

from functools import wraps
from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from accounts.access import View, public, signed_in

PAUSE = 300


def answering_in_full(view: View) -> View:
    """A refused form answers 422, not 200, and 429 once there were too many tries."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        form = response.context_data.get("form") if isinstance(response, TemplateResponse) else None
        if form is not None and form.is_bound and form.errors:
            response.status_code = 422
            if any(
                error.code == "too_many_login_attempts" for errors in form.errors.as_data().values() for error in errors
            ):
                response.status_code = 429
                response["Retry-After"] = str(PAUSE)
        response["Cache-Control"] = "private, no-store"
        return response

    answer.__module__ = __name__  # ours: the walk of all URLs asks for its guard
    return answer


login = public(answering_in_full(account.login))
logout = public(answering_in_full(account.logout))
inactive = public(answering_in_full(account.account_inactive))
ask_for_reset = public(answering_in_full(account.password_reset))
reset_sent = public(answering_in_full(account.password_reset_done))
reset = public(answering_in_full(account.password_reset_from_key))
reset_done = public(answering_in_full(account.password_reset_from_key_done))
reauthenticate = signed_in(answering_in_full(account.reauthenticate))

second_step = public(answering_in_full(mfa.authenticate))
reauthenticate_by_code = signed_in(answering_in_full(mfa.reauthenticate))
activate_app = signed_in(answering_in_full(totp.activate_totp))
deactivate_app = signed_in(answering_in_full(totp.deactivate_totp))
recovery_codes = signed_in(answering_in_full(recovery.view_recovery_codes))
new_recovery_codes = signed_in(answering_in_full(recovery.generate_recovery_codes))
