from django.urls import path

from lifecycle.views import board, conditions, criteria, gates, lately, my_work, stages, welcome

app_name = "lifecycle"
urlpatterns = [
    path("welcome/", welcome.welcome, name="welcome"),
    path("welcome/begin/", welcome.begin, name="begin"),
    path("welcome/hide/", welcome.hide, name="hide_steps"),
    path("welcome/show/", welcome.show, name="show_steps"),
    path("welcome/samples/", welcome.load_samples, name="load_samples"),
    path("welcome/samples/remove/", welcome.remove_samples, name="remove_samples"),
    path("my/", my_work.show, name="my_work"),
    path("my/watching/<str:thread>/stop/", my_work.stop_watching, name="stop_watching"),
    path("lately/", lately.lately, name="lately"),
    path("lifecycle/", board.board, name="board"),
    path("p/<str:key>/stage/adopt/", stages.adopt, name="adopt"),
    path("p/<str:key>/stage/reopen/", stages.reopen, name="reopen"),
    path("p/<str:key>/gates/<int:number>/", gates.show, name="gate"),
    path("p/<str:key>/gates/<int:number>/plan/", gates.plan, name="plan"),
    path("p/<str:key>/gates/<int:number>/ask/", gates.ask, name="ask"),
    path("p/<str:key>/gates/<int:number>/sign/", gates.sign, name="sign"),
    path("p/<str:key>/gates/<int:number>/decide/", gates.decide, name="decide"),
    path("p/<str:key>/gates/<int:number>/sign-offs/<str:public_id>/withdraw/", gates.withdraw, name="withdraw"),
    path("p/<str:key>/gates/<int:number>/criteria/add/", criteria.add, name="criterion_add"),
    path("p/<str:key>/gates/<int:number>/criteria/<str:public_id>/edit/", criteria.edit, name="criterion_edit"),
    path("p/<str:key>/gates/<int:number>/criteria/<str:public_id>/delete/", criteria.delete, name="criterion_delete"),
    path("p/<str:key>/gates/<int:number>/conditions/<str:public_id>/meet/", conditions.meet, name="condition_meet"),
    path(
        "p/<str:key>/gates/<int:number>/conditions/<str:public_id>/reopen/", conditions.reopen, name="condition_reopen"
    ),
]
