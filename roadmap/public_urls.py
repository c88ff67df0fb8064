from django.urls import path

from roadmap.views import following, shared, shared_files, subscriptions

app_name = "roadmap_public"
urlpatterns = [
    path("s/<str:token>/", shared.shared, name="shared"),
    path("s/<str:token>/embed/", shared.embed, name="embed"),
    path("s/<str:token>/present/", shared.present, name="present"),
    path("s/<str:token>/files/<str:format>/", shared_files.download, name="file"),
    path("feeds/<str:public_id>/<str:signature>/roadmap.ics", shared_files.calendar, name="calendar"),
    path("feeds/<str:public_id>/<str:signature>/changes.atom", subscriptions.changes, name="changes"),
    path("feeds/followed/<str:token>/<str:signature>/changes.atom", following.feed, name="followed"),
    path("s/<str:token>/subscribe/", subscriptions.subscribe, name="subscribe"),
    path("updates/<str:token>/", subscriptions.confirm, name="confirm"),
    path("updates/<str:token>/leave/", subscriptions.leave, name="leave"),
]
