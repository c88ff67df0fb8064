from django.urls import path

from feedback.views import changelog_settings, conversations, customers, ideas, inbox, portal_settings

app_name = "feedback"
urlpatterns = [
    path("feedback/", inbox.inbox, name="inbox"),
    path("feedback/add/", conversations.add, name="conversation_add"),
    path("feedback/<str:public_id>/", inbox.show, name="conversation"),
    path("feedback/<str:public_id>/edit/", conversations.edit, name="conversation_edit"),
    path("feedback/<str:public_id>/done/", conversations.done, name="conversation_done"),
    path("feedback/<str:public_id>/reopen/", conversations.reopen, name="conversation_reopen"),
    path("feedback/<str:public_id>/delete/", conversations.delete, name="conversation_delete"),
    path("feedback/<str:public_id>/link/", conversations.link, name="conversation_link"),
    path("feedback/insights/<str:public_id>/weigh/", conversations.weigh, name="insight_weigh"),
    path("feedback/insights/<str:public_id>/unlink/", conversations.unlink, name="insight_unlink"),
    path("customers/", customers.listing, name="customers"),
    path("customers/add/", customers.add, name="customer_add"),
    path("customers/<str:public_id>/", customers.show, name="customer"),
    path("customers/<str:public_id>/edit/", customers.edit, name="customer_edit"),
    path("customers/<str:public_id>/delete/", customers.delete, name="customer_delete"),
    path("customers/<str:public_id>/contract/", customers.contract, name="customer_contract"),
    path("customers/<str:public_id>/contacts/add/", customers.add_contact, name="contact_add"),
    path("contacts/<str:public_id>/", customers.edit_contact, name="contact"),
    path("contacts/<str:public_id>/delete/", customers.delete_contact, name="contact_delete"),
    path("portal/", ideas.triage, name="ideas"),
    path("p/<str:key>/changelog/", changelog_settings.settings, name="changelog"),
    path("portal/settings/", portal_settings.settings, name="portal_settings"),
    path("portal/<str:public_id>/", ideas.show, name="idea"),
    path("portal/<str:public_id>/edit/", ideas.edit, name="idea_edit"),
    path("portal/<str:public_id>/vote/", ideas.vote, name="idea_vote"),
    path("portal/<str:public_id>/merge/", ideas.merge, name="idea_merge"),
    path("portal/<str:public_id>/decline/", ideas.decline, name="idea_decline"),
    path("portal/<str:public_id>/reconsider/", ideas.reconsider, name="idea_reconsider"),
    path("portal/<str:public_id>/delete/", ideas.delete, name="idea_delete"),
]
