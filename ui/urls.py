from django.urls import path

from ui import styleguide, views

app_name = "ui"
urlpatterns = [
    path("theme/", views.theme, name="theme"),
    path("styleguide/", styleguide.page, name="styleguide"),
    path("w/<slug:workspace>/palette/", views.palette, name="palette"),
]
