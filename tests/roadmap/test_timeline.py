import math
from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from roadmap.timelines.packing import arrange, arrow, lay_out, pack
from roadmap.timelines.timeline import LETTER, ZOOMS, Bar, Marker, Window

DAY = date(2026, 11, 19)
calm = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a machine may have other things to do
days = st.integers(-400, 800).map(lambda offset: DAY + timedelta(days=offset))
spans = st.tuples(days, st.integers(0, 200), st.text(max_size=40)).map(
    lambda one: (one[0], one[0] + timedelta(days=one[1]), one[2])
)
windows = st.tuples(days, st.sampled_from(sorted(ZOOMS))).map(lambda one: Window.around(*one))


@calm
@given(windows, st.lists(spans, max_size=60))
def test_bars_of_a_lane_never_overlap_and_keep_their_days(window, found):
    bars = lay_out([Bar(str(key), label, start, end) for key, (start, end, label) in enumerate(found)], window)
    rows = pack(bars, window)
    assert all(0 <= bar.row < rows for bar in bars)
    for bar in bars:
        start, end, _label = found[int(bar.key)]
        assert (bar.offset, bar.days) == ((start - window.first).days, (end - start).days + 1)
    for row in range(rows):
        end = -math.inf
        for bar in sorted((one for one in bars if one.row == row), key=lambda one: one.offset):
            assert bar.offset >= end
            label = (len(bar.label) * LETTER + 24) / window.day_width if bar.is_short else 0
            end = bar.offset + bar.days + label


@calm
@given(windows, st.lists(spans, max_size=30))
def test_no_row_could_be_spared_by_moving_one_bar_up(window, found):
    """Each bar stands in the first row that was free when its turn came, the earliest first."""

    def end(bar):
        return bar.offset + bar.days + ((len(bar.label) * LETTER + 24) / window.day_width if bar.is_short else 0)

    bars = lay_out([Bar(str(key), "", start, end) for key, (start, end, _label) in enumerate(found)], window)
    pack(bars, window)
    for bar in bars:
        for row in range(bar.row):
            earlier = [one for one in bars if one.row == row and one.offset <= bar.offset]
            assert any(end(one) > bar.offset for one in earlier)


@calm
@given(windows, st.lists(days, max_size=40), st.integers(1, 30))
def test_words_of_marked_days_never_overlap(window, found, letters):
    markers = [Marker("release" if n % 2 else "gate", "", day) for n, day in enumerate(found)]
    arranged = arrange(markers, window, lambda _marker: letters)
    assert len(arranged) == sum(window.first <= day <= window.last for day in found)
    length = letters * LETTER + 44
    taken: dict[int, list[tuple[float, float]]] = {}
    for marker in arranged:
        at = marker.offset * window.day_width
        span = (at - length, at) if marker.flip else (at, at + length)
        assert all(span[1] <= start or end <= span[0] for start, end in taken.get(marker.row, []))
        taken.setdefault(marker.row, []).append(span)


@calm
@given(windows, st.lists(spans, max_size=30))
def test_what_touches_the_window_is_shown_and_nothing_else(window, found):
    bars = lay_out([Bar(str(key), "", start, end) for key, (start, end, _label) in enumerate(found)], window)
    touching = {str(key) for key, (start, end, _l) in enumerate(found) if start <= window.last and end >= window.first}
    assert {bar.key for bar in bars} == touching


@calm
@given(windows)
def test_months_tile_the_window(window):
    months = window.months()
    assert months[0].offset == 0
    assert sum(month.days for month in months) == window.days
    assert len(months) == ZOOMS[window.zoom]


@calm
@given(windows, st.integers(0, 20))
def test_a_further_span_counts_from_where_the_timeline_was_drawn_first(window, months):
    last = window.last + timedelta(days=31 * months)
    further = Window.between(window.last + timedelta(days=1), last + timedelta(days=1), window.zoom, window.first)
    assert further.offset(further.first) == window.days
    assert further.months()[0].offset == window.days
    assert further.first.day == 1
    assert (further.last + timedelta(days=1)).day == 1
    assert further.last > last


@calm
@given(windows)
def test_earlier_and_later_are_inverse(window):
    later = Window.around(window.moved(1), window.zoom)
    assert later.first > window.first
    assert Window.around(later.moved(-1), window.zoom).first == window.first


def test_the_quarter_of_a_day_comes_first():
    assert Window.around(DAY, "quarter").first == date(2026, 10, 1)
    assert Window.around(DAY, "quarter").last == date(2027, 6, 30)


def test_an_arrow_to_a_later_bar_of_the_same_row_is_straight():
    assert arrow((10, 20), (50, 20)) == "M10 20H49"
    assert arrow((10, 20), (12, 60)).startswith("M10 20h6q4 0 4 4")
