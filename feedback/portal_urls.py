"""The portal's addresses, below /portal/<workspace>/."""

from django.urls import path

from feedback.views import changelog, portal, portal_sign_in

app_name = "portal"
urlpatterns = [
    path("", portal.ideas, name="ideas"),
    path("post/", portal.post, name="post"),
    path("ideas/<str:public_id>/", portal.idea, name="idea"),
    path("ideas/<str:public_id>/vote/", portal.vote, name="vote"),
    path("sign-in/", portal_sign_in.sign_in, name="sign_in"),
    path("code/", portal_sign_in.code, name="code"),
    path("changelog/<str:key>/", changelog.changelog, name="changelog"),
    path("changelog/<str:key>/feed.xml", changelog.feed, name="changelog_feed"),
    path("changelog/<str:key>/subscribe/", changelog.subscribe, name="changelog_subscribe"),
    path("changelog/<str:key>/confirm/<str:secret>/", changelog.confirm, name="changelog_confirm"),
    path("changelog/<str:key>/unsubscribe/<str:subscriber>/", changelog.unsubscribe, name="changelog_unsubscribe"),
    path("changelog/<str:key>/notes/<str:public_id>/", changelog.one, name="changelog_notes"),
    path("sign-out/", portal_sign_in.sign_out, name="sign_out"),
]
