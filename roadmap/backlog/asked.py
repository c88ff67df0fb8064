"""What an address asks of the table of items."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, QueryDict
from django.utils.safestring import SafeString

from accounts.beside import Besides
from accounts.roles import Role
from accounts.together import Together
from listing.pages import SIZE, Page, Sort
from roadmap.backlog import table
from roadmap.backlog.best import first_page, page_of_best
from roadmap.backlog.group_heads import GroupHeads
from roadmap.backlog.group_pages import can_be_walked, page_by_status, standing_groups
from roadmap.backlog.grouping import Grouping, grouping_of
from roadmap.backlog.rows import NEEDED, PATHS, page_of_rows
from roadmap.backlog.searching import of_first_page, search_alone, search_of
from roadmap.backlog.sheet import Sheet
from roadmap.backlog.surroundings import Surroundings
from ui import pieces
from ui.templatetags.addresses import address_of
from ui.words import gettext as _


class Asked:
    """What an address asks of the table: its look, order and groups, and the rows that follow from them. `in_file`: for a file, which has the same
    rows in the same order, and what stands beside them in its own way."""

    def __init__(self, request: HttpRequest, stands: Surroundings, *, in_file: bool = False) -> None:
        self.member, self.product, self.query = request.member, request.product, request.GET
        self.look = stands.look(request.GET)
        self.types = {one.key: one for one in stands.types}
        self.columns = table.columns_of(self.look, request.product, stands.fields)
        self.sorts = table.sorts_of(request.GET.get("sort", "rank"), stands.fields, request.product)
        self.grouping = grouping_of(self.look.group, stands.fields) if self.look.group else None
        self.heads: GroupHeads | None = None
        # Once a page was read: whether a search is what finds its rows, and whether the best matches come first.
        self.is_search = self.is_best = False
        beside = [] if in_file else [one for one in self.columns if one.beside is not None]
        self.besides = Besides({one.name: one.beside for one in beside if one.beside is not None})
        self.needed = () if in_file else NEEDED

    @property
    def order(self) -> list[Sort]:
        """The groups' order, then the one within them."""
        if self.grouping is None:
            return self.sorts
        taken = {sort.name for sort in self.grouping.sorts}
        return [*self.grouping.sorts, *(sort for sort in self.sorts if sort.name not in taken)]

    @property
    def by_rank(self) -> bool:
        return len(self.order) == 1 and not self.is_best

    @property
    def is_sorted(self) -> bool:
        """Whether somebody chose an order; else a search has its own."""
        return bool(self.query.get("sort"))

    @property
    def order_said(self) -> str:
        """In which order stands what was searched for, where nobody chose one."""
        if not self.is_search or self.is_sorted:
            return ""
        return _("Best match first") if self.is_best else _("By rank: these words are too common for a best match")

    def page(self, condition: Q, after: str) -> Page[Any]:
        """Raises Refused on a broken cursor."""
        if self.grouping is None:
            return self._ungrouped(condition, after, SIZE)
        more = (*table.more_of(self.columns), *(path for path in self.grouping.shown if path not in PATHS))
        folded, within = self.look.folded, self.query.get("in", "") if after else None
        self.heads = self._heads(self.grouping, condition, within)
        if can_be_walked(self.grouping, self.order, condition) and within != "":
            return page_by_status(
                self.member, self.product, condition, self.order, folded=folded, after=after, within=within or "", more=more,
                besides=self.besides,
            )  # fmt: skip
        if folded:
            condition &= self.grouping.outside(folded)
        return self._rows(condition, after, more)

    def page_of_file(self, condition: Q, after: str, size: int) -> Page[Any]:
        """The same rows, `size` or a page of them, and those of folded groups too.

        Raises Refused on a broken cursor."""
        if self.grouping is None:
            return self._ungrouped(condition, after, size)
        return self._rows(condition, after, table.more_of(self.columns), size)

    def _ungrouped(self, condition: Q, after: str, size: int) -> Page[Any]:
        self.is_search = search_of(condition) is not None
        if self.is_search and not self.is_sorted:
            page = self._best_first(condition, after, size)
            if page is not None:
                return page
        more = (*table.more_of(self.columns), *(self.needed if self.by_rank else ()))
        first = of_first_page(condition) if self.by_rank and not after else None
        return self._rows(condition, after, more, size) if first is None else self._rows(first, "", more)

    def _best_first(self, condition: Q, after: str, size: int) -> Page[Any] | None:
        """The page of a search; None where it stands in the order of rank, unless the statement that shows this has its rows too."""
        more, only = table.more_of(self.columns), search_alone(condition) if not after else None
        if only is not None:
            page, self.is_best = first_page(self.member, self.product, only.words, (*more, *self.needed), self.besides)
            return page
        best = page_of_best(self.member, self.product, condition, after, more, self.besides, size)
        self.is_best = best is not None
        return best

    def _rows(self, condition: Q, after: str, more: tuple[str, ...], size: int = SIZE) -> Page[Any]:
        return page_of_rows(
            self.member, self.product, condition, self.order, after, more=more, size=size, besides=self.besides
        )

    def sheet(self, page: Page[Any], together: Together) -> Sheet:
        return Sheet(
            self.member,
            self.product,
            may_edit=self.may_edit,
            columns=self.columns,
            highest=max((row.score for row in page.rows if row.score is not None), default=1),
            heads=self.heads,
            by_rank=self.by_rank,
            types=self.types,
            together=together,
            besides=self.besides.found,
        )

    def rest(self, page: Page[Any]) -> SafeString:
        """What follows the rows of a page."""
        return pieces.joined([self.heads.rest(is_last=not page.next)] if self.heads is not None else [])

    @property
    def last_group(self) -> str:
        return self.heads.last if self.heads is not None else ""

    @property
    def may_edit(self) -> bool:
        return self.member.may(Role.MANAGER, at=self.product)

    def _heads(self, grouping: Grouping, condition: Q, within: str | None) -> GroupHeads:
        standing = standing_groups(self.member, self.product, condition, grouping, self.look.folded)
        sums = address_of("roadmap:backlog_sums", self.member.workspace.slug, self.product.key)
        return GroupHeads(
            grouping,
            standing,
            self.look.folded,
            self.columns,
            self.may_edit,
            self._folding,
            f"{sums}?{self._query().urlencode()}",
            within,
        )

    def _folding(self, token: str) -> str:
        query = self._query()
        query["folded"] = self.look.fold(token)
        if not query["folded"]:
            del query["folded"]
        return query.urlencode()

    def _query(self) -> QueryDict:
        """What the address says beside which rows, and which item is open."""
        query = self.query.copy()
        for name in ("after", "in", "open"):
            query.pop(name, None)
        return query
