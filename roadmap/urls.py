from django.urls import path

from roadmap.views import (
    backlog,
    bin,
    custom_fields,
    hierarchy,
    imports,
    items,
    links,
    plan,
    releases,
    requirements,
    shares,
    statuses,
)

app_name = "roadmap"
urlpatterns = [
    path("p/<str:key>/backlog/", backlog.backlog, name="backlog"),
    path("p/<str:key>/backlog/filters/", backlog.filters, name="backlog_filters"),
    path("p/<str:key>/items/add/", items.add, name="item_add"),
    path("p/<str:key>/items/<int:number>/", items.show, name="item"),
    path("p/<str:key>/items/<int:number>/edit/", items.edit, name="item_edit"),
    path("p/<str:key>/items/<int:number>/field/<str:name>/", items.field, name="item_field"),
    path("p/<str:key>/items/<int:number>/rank/", items.rank, name="item_rank"),
    path("p/<str:key>/items/<int:number>/delete/", items.delete, name="item_delete"),
    path("p/<str:key>/items/<int:number>/history/", items.history, name="item_history"),
    path("p/<str:key>/bin/", bin.index, name="bin"),
    path("p/<str:key>/items/<int:number>/restore/", bin.restore, name="item_restore"),
    path("p/<str:key>/items/pick/", hierarchy.pick, name="item_pick"),
    path("p/<str:key>/items/<int:number>/place/", hierarchy.place, name="item_place"),
    path("p/<str:key>/items/<int:number>/children/add/", hierarchy.add_child, name="item_child_add"),
    path("p/<str:key>/items/<int:number>/requirements/add/", requirements.add, name="requirement_add"),
    path(
        "p/<str:key>/items/<int:number>/requirements/<str:public_id>/edit/", requirements.edit, name="requirement_edit"
    ),
    path(
        "p/<str:key>/items/<int:number>/requirements/<str:public_id>/tick/", requirements.tick, name="requirement_tick"
    ),
    path(
        "p/<str:key>/items/<int:number>/requirements/<str:public_id>/move/", requirements.move, name="requirement_move"
    ),
    path(
        "p/<str:key>/items/<int:number>/requirements/<str:public_id>/delete/",
        requirements.delete,
        name="requirement_delete",
    ),
    path("p/<str:key>/items/<int:number>/links/add/", links.add, name="link_add"),
    path("p/<str:key>/items/<int:number>/links/<str:public_id>/remove/", links.remove, name="link_remove"),
    path("p/<str:key>/items/<int:number>/fields/<str:field>/", custom_fields.fill, name="item_fill"),
    path("settings/fields/", custom_fields.index, name="custom_fields"),
    path("settings/fields/add/", custom_fields.add, name="custom_field_add"),
    path("settings/fields/<str:public_id>/", custom_fields.edit, name="custom_field"),
    path("settings/fields/<str:public_id>/delete/", custom_fields.delete, name="custom_field_delete"),
    path("settings/fields/<str:public_id>/options/add/", custom_fields.add_option, name="custom_field_option_add"),
    path("settings/fields/<str:public_id>/options/<str:option>/", custom_fields.option, name="custom_field_option"),
    path("p/<str:key>/items/<int:number>/schedule/", plan.schedule, name="item_schedule"),
    path("p/<str:key>/items/<int:number>/horizon/", plan.horizon, name="item_horizon"),
    path("p/<str:key>/items/<int:number>/release/", releases.assign, name="item_release"),
    path("p/<str:key>/roadmap/", plan.roadmap, name="roadmap"),
    path("p/<str:key>/import/", imports.start, name="import"),
    path("p/<str:key>/import/<str:public_id>/", imports.match, name="import_map"),
    path("p/<str:key>/import/<str:public_id>/rejected-rows.csv", imports.rejects, name="import_rejects"),
    path("p/<str:key>/import/<str:public_id>/undo/", imports.undo_import, name="import_undo"),
    path("p/<str:key>/share/", shares.shares, name="shares"),
    path("p/<str:key>/share/<str:public_id>/revoke/", shares.revoke, name="share_revoke"),
    path("settings/statuses/", statuses.statuses, name="statuses"),
    path("settings/statuses/add/", statuses.add, name="status_add"),
    path("settings/statuses/<str:public_id>/edit/", statuses.edit, name="status_edit"),
    path("settings/statuses/<str:public_id>/move/", statuses.move, name="status_move"),
    path("settings/statuses/<str:public_id>/remove/", statuses.remove, name="status_remove"),
    path("p/<str:key>/releases/", releases.board, name="releases"),
    path("p/<str:key>/releases/add/", releases.add, name="release_add"),
    path("p/<str:key>/releases/<str:public_id>/edit/", releases.edit, name="release_edit"),
    path("p/<str:key>/releases/<str:public_id>/ship/", releases.ship, name="release_ship"),
    path("p/<str:key>/releases/<str:public_id>/delete/", releases.delete, name="release_delete"),
]
