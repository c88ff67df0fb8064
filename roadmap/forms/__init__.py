"""Parsing only: what a person typed becomes values for the verbs."""

from roadmap.forms.item_types import ItemTypeForm, TypeHandOverForm
from roadmap.forms.items import ChildForm, ItemForm, LinkForm, PlaceForm, RequirementForm
from roadmap.forms.moves import ArrowForm, MovesForm, ScheduleForm
from roadmap.forms.plan import HorizonForm, MilestoneForm, RankForm, ReleaseColumnForm
from roadmap.forms.releases import IterationForm, ParkForm, ReleaseForm, ReleaseHealthForm, ReviewForm, WhyForm
from roadmap.forms.settings import CustomFieldForm, HandOverForm, OptionForm, StatusForm, TemplatesForm
from roadmap.forms.share_links import ShareForm
from roadmap.forms.sharing import SavedViewForm

__all__ = [
    "ArrowForm",
    "ChildForm",
    "CustomFieldForm",
    "HandOverForm",
    "HorizonForm",
    "ItemForm",
    "ItemTypeForm",
    "IterationForm",
    "LinkForm",
    "MilestoneForm",
    "MovesForm",
    "OptionForm",
    "ParkForm",
    "PlaceForm",
    "RankForm",
    "ReleaseColumnForm",
    "ReleaseForm",
    "ReleaseHealthForm",
    "RequirementForm",
    "ReviewForm",
    "SavedViewForm",
    "ScheduleForm",
    "ShareForm",
    "StatusForm",
    "TemplatesForm",
    "TypeHandOverForm",
    "WhyForm",
]
