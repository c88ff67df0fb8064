from django.urls import path

from jobs.views import jobs, outbox

app_name = "jobs"
urlpatterns = [
    path("outbox/", outbox.show, name="outbox"),
    path("w/<slug:workspace>/jobs/<str:job>/", jobs.show, name="show"),
    path("w/<slug:workspace>/jobs/<str:job>/stop/", jobs.stop, name="stop"),
    path("w/<slug:workspace>/settings/jobs/", jobs.index, name="index"),
    path("w/<slug:workspace>/settings/jobs/<str:job>/retry/", jobs.retry, name="retry"),
]
