from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from roadmap.timeline import LETTER, ZOOMS, Bar, Window, arrow, lay_out, pack

DAY = date(2026, 11, 19)
days = st.integers(-400, 800).map(lambda offset: DAY + timedelta(days=offset))
spans = st.tuples(days, st.integers(0, 200), st.text(max_size=40)).map(
    lambda one: (one[0], one[0] + timedelta(days=one[1]), one[2])
)
windows = st.tuples(days, st.sampled_from(sorted(ZOOMS))).map(lambda one: Window.around(*one))


@given(windows, st.lists(spans, max_size=60))
def test_bars_of_a_lane_never_overlap_and_stay_in_the_window(window, found):
    bars = lay_out([Bar(key, label, start, end) for key, (start, end, label) in enumerate(found)], window)
    rows = pack(bars, window)
    assert all(0 <= bar.row < rows for bar in bars)
    for bar in bars:
        assert bar.offset >= 0
        assert bar.offset + bar.days <= window.days
        assert bar.days >= 1
    for row in range(rows):
        ends = 0.0
        for bar in sorted((one for one in bars if one.row == row), key=lambda one: one.offset):
            assert bar.offset >= ends
            label = (len(bar.label) * LETTER + 24) / window.day_width if bar.is_short else 0
            ends = bar.offset + bar.days + label


@given(windows, st.lists(spans, max_size=30))
def test_what_touches_the_window_is_shown_and_nothing_else(window, found):
    bars = lay_out([Bar(key, "", start, end) for key, (start, end, _label) in enumerate(found)], window)
    touching = {key for key, (start, end, _l) in enumerate(found) if start <= window.last and end >= window.first}
    assert {bar.key for bar in bars} == touching


@given(windows)
def test_months_tile_the_window(window):
    months = window.months()
    assert months[0].offset == 0
    assert sum(month.days for month in months) == window.days
    assert len(months) == ZOOMS[window.zoom]


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
