from django.urls import path

from discussion.views import attachments, notifications, threads

app_name = "discussion"
urlpatterns = [
    path("threads/<str:thread>/", threads.show, name="thread"),
    path("threads/<str:thread>/watch/", threads.watch, name="watch"),
    path("threads/<str:thread>/people/", threads.people, name="people"),
    path("threads/<str:thread>/comments/", threads.comment, name="comment"),
    path("threads/<str:thread>/preview/", threads.preview, name="preview"),
    path("threads/<str:thread>/comments/<str:comment>/edits/", threads.edits, name="comment_edits"),
    path("threads/<str:thread>/comments/<str:comment>/edit/", threads.edit, name="comment_edit"),
    path("threads/<str:thread>/comments/<str:comment>/delete/", threads.delete, name="comment_delete"),
    path("threads/<str:thread>/attachments/", attachments.attach, name="attach"),
    path("threads/<str:thread>/attachments/<str:attachment>/", attachments.fetch, name="attachment"),
    path("threads/<str:thread>/attachments/<str:attachment>/delete/", attachments.delete, name="attachment_delete"),
    path("notifications/", notifications.index, name="notifications"),
    path("notifications/bell/", notifications.bell, name="bell"),
    path("notifications/read/", notifications.read_all, name="read_all"),
    path("notifications/<str:notification>/open/", notifications.open_one, name="open"),
    path("notifications/<str:notification>/read/", notifications.read_one, name="read"),
    path("settings/notifications/", notifications.preferences, name="preferences"),
]
