"""The addresses of django-allauth that exist here, under the names that it looks for. See views/sign_in.py."""

from django.urls import path, re_path

from accounts.views import home, join, sign_in

urlpatterns = [
    path("login/", sign_in.login, name="account_login"),
    path("logout/", sign_in.logout, name="account_logout"),
    path("inactive/", sign_in.inactive, name="account_inactive"),
    path("sign-up/", join.sign_up, name="account_signup"),
    path("confirm/", sign_in.reauthenticate, name="account_reauthenticate"),
    path("password/reset/", sign_in.ask_for_reset, name="account_reset_password"),
    path("password/reset/sent/", sign_in.reset_sent, name="account_reset_password_done"),
    path("password/reset/done/", sign_in.reset_done, name="account_reset_password_from_key_done"),
    re_path(
        r"^password/reset/(?P<uidb36>[0-9A-Za-z]{1,13})-(?P<key>[^/]{1,100})/$",  # keys have a hyphen of their own
        sign_in.reset,
        name="account_reset_password_from_key",
    ),
    path("code/", sign_in.second_step, name="mfa_authenticate"),
    path("code/confirm/", sign_in.reauthenticate_by_code, name="mfa_reauthenticate"),
    path("app/activate/", sign_in.activate_app, name="mfa_activate_totp"),
    path("app/deactivate/", sign_in.deactivate_app, name="mfa_deactivate_totp"),
    path("recovery-codes/", sign_in.recovery_codes, name="mfa_view_recovery_codes"),
    path("recovery-codes/new/", sign_in.new_recovery_codes, name="mfa_generate_recovery_codes"),
    path("you/", home.you, name="mfa_index"),
]
