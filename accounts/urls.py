from django.urls import include, path

from accounts.views import home, invitations, join, members, security, teams, tokens, workspace, you

app_name = "accounts"

settings = [
    path("members/", members.index, name="members"),
    path("members/invite/", invitations.invite, name="invite"),
    path("members/<str:member>/", members.edit, name="member"),
    path("members/<str:member>/role/", members.role, name="member_role"),
    path("members/<str:member>/remove/", members.remove, name="remove_member"),
    path("invitations/<str:invitation>/send-again/", invitations.send_again, name="send_invitation_again"),
    path("invitations/<str:invitation>/revoke/", invitations.revoke, name="revoke_invitation"),
    path("teams/", teams.index, name="teams"),
    path("teams/new/", teams.new, name="new_team"),
    path("teams/<str:team>/", teams.edit, name="team"),
    path("teams/<str:team>/dissolve/", teams.dissolve, name="dissolve_team"),
    path("workspace/", workspace.settings, name="workspace"),
    path("workspace/delete/", workspace.close, name="close_workspace"),
    path("security/", security.log, name="security"),
    path("you/", you.profile, name="you"),
    path("you/password/", you.password, name="password"),
    path("you/leave/", you.leave, name="leave"),
    path("tokens/", tokens.index, name="tokens"),
    path("tokens/<str:token>/revoke/", tokens.revoke, name="revoke_token"),
]

urlpatterns = [
    path("", home.home, name="home"),
    path("workspaces/new/", home.new_workspace, name="new_workspace"),
    path("setup/<str:secret>/", join.set_up, name="set_up"),
    path("join/<str:secret>/", join.join, name="join"),
    path("sign-up/<str:secret>/", join.finish_sign_up, name="finish_sign_up"),
    path("w/<slug:workspace>/settings/", include(settings)),
]
