from django.urls import path

from usage.views import insights, keys, sending

app_name = "usage"
urlpatterns = [
    path("p/<str:key>/insights/", insights.insights, name="insights"),
    path("p/<str:key>/insights/keys/", keys.keys, name="keys"),
    path("p/<str:key>/insights/events/", sending.sending, name="sending"),
    path("p/<str:key>/insights/events/rejected/", sending.rejected, name="rejected"),
    path("p/<str:key>/insights/events/<str:public_id>/revoke/", sending.revoke, name="ingest_key_revoke"),
]
