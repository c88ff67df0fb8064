"""The portal's addresses, below /portal/<workspace>/."""

from django.urls import path

from feedback.views import portal, portal_sign_in

app_name = "portal"
urlpatterns = [
    path("", portal.ideas, name="ideas"),
    path("post/", portal.post, name="post"),
    path("ideas/<str:public_id>/", portal.idea, name="idea"),
    path("ideas/<str:public_id>/vote/", portal.vote, name="vote"),
    path("sign-in/", portal_sign_in.sign_in, name="sign_in"),
    path("code/", portal_sign_in.code, name="code"),
    path("sign-out/", portal_sign_in.sign_out, name="sign_out"),
]
