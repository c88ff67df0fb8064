from django.urls import path

from changes import views

app_name = "changes"
urlpatterns = [path("changes/<int:change_id>/undo/", views.undo_change, name="undo")]
