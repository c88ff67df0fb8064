from django.urls import path

from roadmap.views import backlog, items

app_name = "roadmap"
urlpatterns = [
    path("p/<str:key>/backlog/", backlog.backlog, name="backlog"),
    path("p/<str:key>/items/add/", items.add, name="item_add"),
    path("p/<str:key>/items/<int:number>/", items.show, name="item"),
    path("p/<str:key>/items/<int:number>/edit/", items.edit, name="item_edit"),
    path("p/<str:key>/items/<int:number>/rank/", items.rank, name="item_rank"),
    path("p/<str:key>/items/<int:number>/delete/", items.delete, name="item_delete"),
    path("p/<str:key>/items/<int:number>/history/", items.history, name="item_history"),
]
