import gzip
import io
import json
from datetime import UTC, date, datetime

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Workspace
from changes.models import Change
from products.models import Product
from tests.factories import SYSTEM, make_product, make_workspace
from tests.usage.brute import Brute, random_log
from usage.models import RejectedEvent

pytestmark = pytest.mark.django_db
HEADER = "event_id,feature_key,user_key,account_key,ts\n"


def run(*arguments: object) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command(*map(str, arguments), stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def csv_of(log) -> str:
    return HEADER + "".join(",".join(happening.values) + "\n" for happening in log)


def test_from_nothing_to_figures_by_commands_alone(tmp_path):
    log = random_log(1)
    file = tmp_path / "log.csv"
    file.write_text(csv_of(log))
    run("create_product", "DSP", "Dispatch")
    workspace = Workspace.objects.get()
    assert (workspace.time_zone, workspace.week_start) == ("UTC", 1)
    out, _err = run("ingest_usage", file, "--product", "DSP")
    assert out == f"{len(log)} read, {len(log)} taken in, 0 rejected, 0 were here already.\n"
    run("rollup_usage", "DSP")
    brute = Brute(log)
    for figure, header in {
        "metrics_day": "scope,day,dau,wau7,mau28,daa,waa7,maa28",
        "lifecycle_week": "scope,week_start,active,new,retained,resurrected,churned",
        "triangle_week": "scope,cohort_week,k,size,bounded,unbounded",
        "adoption_last28": "feature,users,active_users,accounts,active_accounts",
    }.items():
        out, _err = run("usage_figures", "DSP", figure)
        assert out.splitlines() == [header, *(",".join(map(str, row)) for row in getattr(brute, figure)())]


def test_adoption_until_a_day(tmp_path):
    log = random_log(2)
    file = tmp_path / "log.csv"
    file.write_text(csv_of(log))
    run("create_product", "DSP", "Dispatch")
    run("ingest_usage", file, "--product", "DSP")
    run("rollup_usage", "DSP")
    out, _err = run("usage_figures", "DSP", "adoption_last28", "--until", "2026-04-15")
    rows = [",".join(map(str, row)) for row in Brute(log).adoption_last28(date(2026, 4, 15))]
    assert out.splitlines()[1:] == rows
    with pytest.raises(CommandError, match="is not a day"):
        run("usage_figures", "DSP", "adoption_last28", "--until", "soon")


def test_a_product_without_events_has_figures_with_a_header_alone():
    run("create_product", "DSP", "Dispatch")
    assert run("rollup_usage", "DSP")[0] == "0 days rolled up.\n"
    assert run("usage_figures", "DSP", "metrics_day")[0] == "scope,day,dau,wau7,mau28,daa,waa7,maa28\n"
    assert len(run("usage_figures", "DSP", "adoption_last28")[0].splitlines()) == 1


@pytest.mark.parametrize(
    "shape", ["csv", "semicolons and another order", "jsonl", "csv.gz", "jsonl.gz", "with a BOM", "utf-16"]
)
def test_every_shape_of_file_gives_the_same_figures(tmp_path, shape):
    log = random_log(3, events=80)
    names = HEADER.strip().split(",")
    if "jsonl" in shape:
        text = "".join(json.dumps(dict(zip(names, happening.values, strict=True))) + "\n" for happening in log)
    elif "semicolons" in shape:
        lines = [[happening.values[n] for n in (4, 0, 3, 2, 1)] + ['"x;y"'] for happening in log]
        text = "TS;event_id; account_key;user_key;feature_key;note\r\n" + "".join(
            ";".join(line) + "\r\n" for line in lines
        )
    else:
        text = csv_of(log)
    raw = text.encode({"with a BOM": "utf-8-sig", "utf-16": "utf-16"}.get(shape, "utf-8"))
    file = tmp_path / f"log.{shape.replace(' ', '')}"
    file.write_bytes(gzip.compress(raw) if shape.endswith(".gz") else raw)
    run("create_product", "DSP", "Dispatch")
    _out, err = run("ingest_usage", file, "--product", "DSP")
    assert err == ""
    run("rollup_usage", "DSP")
    rows = [",".join(map(str, row)) for row in Brute(log).metrics_day()]
    assert run("usage_figures", "DSP", "metrics_day")[0].splitlines()[1:] == rows


def test_a_time_without_a_zone_is_utc_and_days_are_those_of_the_workspace(tmp_path):
    make_product(make_workspace(time_zone="Asia/Tokyo"), "DSP")
    file = tmp_path / "log.csv"
    file.write_text(
        HEADER + "1,f,u1,a,2026-03-01T15:30:00\n2,f,u2,a,2026-03-01 16:00:00+02:00\n3,f,u3,a,2026-03-01T14:59:59Z\n"
    )
    run("ingest_usage", file, "--product", "DSP")
    run("rollup_usage", "DSP")
    rows = run("usage_figures", "DSP", "metrics_day")[0].splitlines()
    assert "*,2026-03-01,2,2,2,1,1,1" in rows
    assert "*,2026-03-02,1,3,3,1,1,1" in rows


def test_bad_lines_are_told_with_their_number_and_the_good_ones_land(tmp_path):
    run("create_product", "DSP", "Dispatch")
    file = tmp_path / "log.csv"
    good = "2026-03-01T10:00:00Z"
    lines = [
        f"1,f,u,a,{good}",
        f",f,u,a,{good}",
        f"2,*,u,a,{good}",
        "3,f,u,a,yesterday",
        "4,f,u",
        f"5,f,{'u' * 201},a,{good}",
        "6,f,u,a,1999-12-31T10:00:00Z",
        "7,f,u,a,2226-01-01T10:00:00Z",
        f'8,"f,u,a,{good}',
        "",
        f"9,f,\udcff,a,{good}",
        f"10,f,u\0,a,{good}",
        f"11,f,u, ,{good}",
        f"12,f,u2,b,{good}",
    ]
    file.write_bytes((HEADER + "\n".join(lines)).encode("utf-8", "surrogateescape"))
    out, err = run("ingest_usage", file, "--product", "DSP")
    assert out == "13 read, 2 taken in, 11 rejected, 0 were here already.\n"
    assert [line.split(":")[0] for line in err.splitlines()] == [
        f"line {n}" for n in (3, 4, 5, 6, 7, 8, 9, 10, 12, 13, 14)
    ]
    assert "line 3: event_id is missing." in err
    assert "line 8: ts 1999-12-31" in err
    assert "line 12: user_key is not valid UTF-8." in err
    assert RejectedEvent.objects.count() == 11
    assert RejectedEvent.objects.get(line=13).event == f"10, f, u␀, a, {good}"
    run("rollup_usage", "DSP")
    assert "f,2026-03-01,2,2,2,2,2,2" in run("usage_figures", "DSP", "metrics_day")[0]


def test_bad_json_lines_are_told(tmp_path):
    run("create_product", "DSP", "Dispatch")
    file = tmp_path / "log.jsonl"
    event = {"event_id": "1", "feature_key": "f", "user_key": 7, "account_key": "a", "ts": "2026-03-01T10:00:00Z"}
    bad = [
        {**event, "user_key": None},
        {**event, "user_key": ["x"]},
        {**event, "ts": 1772359200},
        {**event, "user_key": "\ud800"},
    ]
    file.write_text("\n".join([json.dumps(event), *map(json.dumps, bad), "[1]", "{", "[" * 5000]))
    out, err = run("ingest_usage", file, "--product", "DSP")
    assert out.startswith("8 read, 1 taken in, 7 rejected")
    assert "line 4: ts 1772359200 is not a time." in err


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"),
        (b"\n\n", "is empty"),
        (b"event_id,user,ts\n1,2,3\n", "names no column feature_key, user_key, account_key"),
        (b'[{"event_id": 1}]', "JSON array"),
        (b"\x1f\x8bnot really", "damaged"),
        (None, "There is no file"),
    ],
)
def test_what_is_no_usage_log_gets_one_sentence(tmp_path, content, sentence):
    run("create_product", "DSP", "Dispatch")
    file = tmp_path / "log"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(CommandError, match=sentence):
        run("ingest_usage", file, "--product", "DSP")


def test_a_gzip_file_that_breaks_off_lands_up_to_there(tmp_path):
    run("create_product", "DSP", "Dispatch")
    file = tmp_path / "log.csv.gz"
    file.write_bytes(gzip.compress(csv_of(random_log(4, events=3000)).encode())[:-3000])
    out, err = run("ingest_usage", file, "--product", "DSP")
    read = int(out.split()[0])
    assert 1000 < read < 3100
    assert out.startswith(f"{read} read, {read - 1} taken in, 1 rejected") or "2 rejected" in out
    assert "breaks off" in err


def test_a_second_run_of_the_same_file_changes_nothing(tmp_path):
    log = random_log(5, events=60)
    file = tmp_path / "log.csv"
    file.write_text(csv_of(log))
    run("create_product", "DSP", "Dispatch")
    run("ingest_usage", file, "--product", "DSP")
    run("rollup_usage", "DSP")
    before = run("usage_figures", "DSP", "metrics_day")
    out, _err = run("ingest_usage", file, "--product", "DSP")
    assert out.endswith(f"{len(log)} were here already.\n")
    run("rollup_usage", "DSP")
    assert run("usage_figures", "DSP", "metrics_day") == before


def test_a_key_in_two_workspaces_needs_the_workspace():
    make_product(make_workspace("north"), "DSP")
    make_product(make_workspace("south"), "DSP")
    with pytest.raises(CommandError, match="north, south. Add --workspace"):
        run("rollup_usage", "DSP")
    with pytest.raises(CommandError, match="There is no workspace west. There are: north, south"):
        run("rollup_usage", "DSP", "--workspace", "west")
    with pytest.raises(CommandError, match="no product XYZ in the workspace north"):
        run("usage_figures", "XYZ", "metrics_day", "--workspace", "north")
    with pytest.raises(CommandError, match="several workspaces: north, south"):
        run("create_product", "NEW", "New")
    assert run("rollup_usage", "dsp", "--workspace", "south")[0].startswith("0 days")


def test_create_product_refuses_a_taken_or_impossible_key():
    run("create_product", "DSP", "Dispatch")
    with pytest.raises(CommandError, match="has a product DSP already"):
        run("create_product", "dsp", "Another")
    with pytest.raises(CommandError, match="2 to 10 capital letters"):
        run("create_product", "1-X", "Odd")
    assert Product.objects.count() == 1


def test_products_of_two_workspaces_with_the_same_keys_stay_apart(tmp_path):
    one, other = make_product(make_workspace("north"), "DSP"), make_product(make_workspace("south"), "DSP")
    for number, product in enumerate((one, other)):
        file = tmp_path / f"{number}.csv"
        file.write_text(csv_of(random_log(6 + number, events=50)))
        run("ingest_usage", file, "--product", "DSP", "--workspace", product.workspace.slug)
    for product in (one, other):
        run("rollup_usage", "DSP", "--workspace", product.workspace.slug)
    for number, product in enumerate((one, other)):
        rows = [",".join(map(str, row)) for row in Brute(random_log(6 + number, events=50)).metrics_day()]
        assert (
            run("usage_figures", "DSP", "metrics_day", "--workspace", product.workspace.slug)[0].splitlines()[1:]
            == rows
        )


def test_the_days_are_cut_anew_when_the_workspace_changes_its_zone_or_week_start(tmp_path):
    log = random_log(8, start=datetime(2026, 3, 20, tzinfo=UTC))
    file = tmp_path / "log.csv"
    file.write_text(csv_of(log))
    workspace = make_workspace("north")
    make_product(workspace, "DSP")
    run("ingest_usage", file, "--product", "DSP")
    run("rollup_usage", "DSP")
    for zone, week_start in (("UTC", 7), ("America/New_York", 7), ("Pacific/Auckland", 6), ("UTC", 1)):
        recalendar(workspace, zone, week_start)
        run("rollup_usage", "DSP")
        for figure in ("metrics_day", "lifecycle_week", "triangle_week"):
            rows = [",".join(map(str, row)) for row in getattr(Brute(log, zone, week_start), figure)()]
            assert run("usage_figures", "DSP", figure)[0].splitlines()[1:] == rows, (zone, figure)


def recalendar(workspace: Workspace, zone: str, week_start: int) -> None:
    with Change.open("workspace.edited", by=SYSTEM, workspace=workspace):
        workspace.time_zone, workspace.week_start = zone, week_start
        workspace.save(update_fields=["time_zone", "week_start"])
