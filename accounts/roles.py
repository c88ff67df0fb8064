"""The workspace roles, in rising order. What each may do is decided in accounts/access.py alone."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.IntegerChoices):
    VIEWER = 10, _("Viewer")
    CONTRIBUTOR = 20, _("Contributor")
    MANAGER = 30, _("Manager")
    ADMIN = 40, _("Admin")
    OWNER = 50, _("Owner")


class JobTitle(models.TextChoices):
    """What a member does. It chooses the landing page, never a permission."""

    CHIEF_PRODUCT_OFFICER = "chief_product_officer", _("Chief product officer")
    PRODUCT_MANAGER = "product_manager", _("Product manager")
    PRODUCT_OWNER = "product_owner", _("Product owner")
    PRODUCT_MARKETING_MANAGER = "product_marketing_manager", _("Product marketing manager")
    GROWTH_PRODUCT_MANAGER = "growth_product_manager", _("Growth product manager")
    TECHNICAL_PRODUCT_MANAGER = "technical_product_manager", _("Technical product manager")
    DESIGNER = "designer", _("Designer")
    ENGINEER = "engineer", _("Engineer")
    SALES = "sales", _("Sales")
    CUSTOMER_SUCCESS = "customer_success", _("Customer success")
    STAKEHOLDER = "stakeholder", _("Stakeholder")
