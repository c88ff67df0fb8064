from django.urls import path

from roadmap.views import shares

app_name = "roadmap_public"
urlpatterns = [path("s/<str:token>/", shares.shared, name="shared")]
