"""The command line as a user meets it: answers on stdout, talk on stderr, one clear line for each fault."""

import hashlib
import json
import subprocess
import sys

import pytest
from openpyxl import load_workbook

from tests.tiny import tiny_package


def exposure(*args, cwd=None):
    return subprocess.run(
        [sys.executable, "-m", "exposure", *map(str, args)], capture_output=True, text=True, cwd=cwd, timeout=120
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    # China sells 120 ore a year to the US, worth 1,000 USD each; nobody holds any
    path = tmp_path_factory.mktemp("network") / "net"
    tiny_package(
        path,
        regions="region,name\nCN,China\nUS,United States",
        items="item,name,kind,unit,price_usd\nore,Ore,material,t,1",
        recipes="recipe,item,region,output0,capacity\nmine_cn,ore,CN,120,120",
        bom=None, capacity=None, stocks=None, facts=None,
        lanes="item,origin,destination,flow0\nore,CN,US,120",
        demand="item,region,quantity,value_usd\nore,US,120,1000",
        controls="control,title,announced,effective,status\nC1,Ban,2025-04-16,2025-04-16,in_force",
        control_scope="control,item,origin,destination,mechanism\nC1,ore,CN,US,ban",
    )  # fmt: skip
    return path


def test_run_prints_tables_as_json(folder):
    done = exposure("run", "--data", folder, "--control", "C1", "--months", 2, "--json")
    assert done.returncode == 0, done.stderr
    tables = json.loads(done.stdout)
    loss = [row for row in tables["loss"] if row["response"] == "voluntary"]
    # 10 t a month; April is banned on 15 of 30 days, May wholly
    assert [(row["month"], row["unmet"]) for row in loss] == [
        ("2025-04", pytest.approx(5)),
        ("2025-05", pytest.approx(10)),
    ]
    assert set(tables) >= {"summary", "loss", "costs", "shipments", "production", "stocks", "gap", "limits", "why"}


def test_a_fault_is_told_alone_without_the_notices_on_the_same_scenario(tmp_path):
    tiny_package(
        tmp_path / "net",
        controls="control,title,announced,effective,status\n"
        "C1,Ban,2025-04-16,2025-04-16,in_force\n"
        "C2,Pause,2025-06-01,2025-06-01,in_force",
        control_scope="control,item,origin,destination,mechanism,value\nC1,ore,CN,US,ban,\nC2,,,,suspension,C1",
    )
    asked = ("run", "--data", tmp_path / "net", "--control", "C1", "--months", 2, "--json")
    assert "notice: " in exposure(*asked).stderr
    done = exposure(*asked, "--set", "stocks.oar:US.cover_months=6")
    assert done.returncode == 3
    assert len(done.stderr.splitlines()) == 1
    assert "oar" in done.stderr


def test_run_with_nothing_else_does_every_announced_control(folder, tmp_path):
    done = exposure("run", "--data", folder, "--out", tmp_path / "all.xlsx")
    assert done.returncode == 0, done.stderr
    assert "C1" in done.stdout
    assert (tmp_path / "all.xlsx").exists()
    assert "written" in done.stderr


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        (("run", "--control", "C2"), 3, ["C2", "no such control"]),
        (("run", "--control", "C1", "--start", "Novmber 2026"), 3, ["Novmber 2026", "2025-04"]),
        (("run", "--control", "C1", "--set", "stocks.ore:US.quantity=-3"), 3, ["stocks"]),
        (("run", "--control", "C1", "--set", "demand.ore:US.quantity=-3"), 3, ["must not be negative"]),
        (("run", "--control", "C1", "--months", "0"), 3, ["--months", "must lie between 1 and 240"]),
        (("run", "--control", "C1", "--set", "demand.orr:US.quantity=3"), 3, ['did you mean "ore"']),
        (("run", "--control", "C1", "--response", "guess"), 2, ["guess"]),
        (("explain", "orre"), 3, ['did you mean "ore"']),
        (("list", "things"), 2, ["things"]),
    ],
)
def test_faults_are_one_clear_line_and_write_nothing(folder, tmp_path, args, code, words):
    out = tmp_path / "x.xlsx"
    extra = ("--out", out) if args[0] == "run" else ()
    done = exposure(*args, "--data", folder, *extra)
    assert done.returncode == code
    assert all(word in done.stderr for word in words), done.stderr
    assert "Traceback" not in done.stderr
    assert not out.exists()


def test_a_mistyped_command_gets_a_suggestion():
    done = exposure("rnu")
    assert done.returncode == 2
    assert 'did you mean "run"' in done.stderr


def test_check_tells_every_fault_at_once(tmp_path):
    path = tmp_path / "broken"
    tiny_package(path, items="item,name,kind,unit,price_usd\nore,Ore,material,t,1", bom=None, capacity=None, stocks=None,
                 facts=None, recipes="recipe,item,region,output0\nmine,orr,CN,-5",
                 lanes="item,origin,destination,flow0\nore,CN,XX,1",
                 demand="item,region,quantity,value_usd\nore,CN,1e999,1")  # fmt: skip
    done = exposure("check", path)
    assert done.returncode == 3
    for words in ("recipes.csv", "demand.csv", "lanes.csv"):
        assert words in done.stdout


def test_list_and_explain_the_built_in_network():
    assert "CN-2025-04-RE7" in exposure("list", "controls").stdout
    rows = json.loads(exposure("list", "items", "--json").stdout)
    assert {"item", "unit", "name", "kind"} <= set(rows[0])
    told = exposure("explain", "ndfeb_hot").stdout
    assert "made by" in told
    assert "controls" in told
    assert "sum over" in exposure("explain", "balance").stdout
    assert "used by" in exposure("explain", "RE-058").stdout


def test_explain_a_reported_figure(folder):
    done = exposure("explain", "loss.ore:US.2025-05", "--data", folder, "--control", "C1", "--months", 2)
    assert done.returncode == 0, done.stderr
    lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
    assert "unmet 10 10 10" in lines
    assert "1. Ban (C1)" in lines
    assert "2. Ore (ore), China (CN) to United States (US)" in lines


def test_explain_a_figure_of_a_what_if(folder, tmp_path):
    case = tmp_path / "case.yaml"
    case.write_text("name: half the ban\nstart: 2025-04\nmonths: 3\ncontrols: [C1]\n")
    # 10 t a month, banned wholly in May; the what-if halves what a tonne is worth: 10 x 500 USD
    change = "demand.ore:US.value_usd=500"
    done = exposure(
        "explain", "loss.ore:US.2025-05", case, "--data", folder, "--set", change, "--response", "contracts", "--json"
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["figures"] == {"contracts": {
        "demand": pytest.approx(10), "served": pytest.approx(0), "unmet": pytest.approx(10), "waiting": 0,
        "loss_usd": pytest.approx(5000), "loss_value_added_usd": pytest.approx(5000),
    }}  # fmt: skip
    assert told["chain"]["contracts"][0]["control"] == "C1"
    assert "changed: demand (item ore, region US): value_usd = 500" in told["scenario"]


@pytest.fixture
def own(tmp_path):
    # a firm in the US takes 2 t of ore a month on top of the 10 t of the others, bought where the mine has room
    path = tmp_path / "firm"
    path.mkdir()
    (path / "regions.csv").write_text("region,name,within\nUS/firm,My firm,US\n")
    (path / "items.csv").write_text("item,name,kind,unit,price_usd\npaint,Paint,product,t,50\n")
    (path / "recipes.csv").write_text(
        "recipe,item,region,output0,capacity,replaces\nmine_cn,ore,CN,144,144,yes\npaint_firm,paint,US/firm,24,24,\n"
    )
    (path / "bom.csv").write_text("recipe,input,quantity\npaint_firm,ore,1\n")
    (path / "lanes.csv").write_text("item,origin,destination,flow0\nore,CN,US/firm,24\n")
    (path / "demand.csv").write_text("item,region,quantity,value_usd\npaint,US/firm,24,3000\n")
    (path / "scenarios").mkdir()
    (path / "scenarios" / "ours.yaml").write_text("start: 2025-05\nmonths: 1\ncontrols: [C1]\n")
    return path


def test_her_own_tables_lie_over_the_data_in_every_command(folder, own, tmp_path):
    given = ("--data", folder, "--extend", own)
    done = exposure("run", "ours", *given, "--json", "--out", tmp_path / "ours.xlsx")
    assert done.returncode == 0, done.stderr
    lost = [row for row in json.loads(done.stdout)["loss"] if row["item"] == "paint" and row["response"] == "contracts"]
    # a whole month of the ban: 2 t of paint, worth 3,000 USD each
    assert [(row["region"], row["unmet"], row["loss_usd"]) for row in lost] == [
        ("US/firm", pytest.approx(2), pytest.approx(6000))
    ]
    record = {
        row[1].value: row[2].value for row in load_workbook(tmp_path / "ours.xlsx")["Run record"].iter_rows(min_row=8)
    }
    assert record["data"] == "net + firm"
    assert record["hashes: firm/recipes.csv"] == hashlib.sha256((own / "recipes.csv").read_bytes()).hexdigest()
    assert "paint" in exposure("list", "items", *given).stdout
    assert "ours.yaml" in exposure("list", "scenarios", *given).stdout
    assert "laid over:\n  firm: 7 rows" in exposure("check", *given).stdout
    assert "item paint: Paint" in exposure("explain", "paint", *given).stdout
    assert "paint" in exposure("study", "exposure", *given).stdout
    assert "firm/items.csv" not in exposure("check", "--data", folder).stdout
    assert exposure("template", tmp_path / "t.xlsx", *given).returncode == 0
    assert exposure("data", "export", tmp_path / "all.xlsx", *given).returncode == 0
    assert '"paint"' in exposure("list", "items", "--json", "--data", tmp_path / "all.xlsx").stdout


def test_her_faults_are_told_with_their_file(folder, own):
    (own / "lanes.csv").write_text("item,origin,destination,flow0\nore,CN,US,24\n")
    done = exposure("run", "--control", "C1", "--data", folder, "--extend", own)
    assert done.returncode == 3
    assert (
        'firm/lanes.csv row 2, item "ore": ore:CN:US stands already in row 2 of lanes.csv of the data below'
        in done.stderr
    )
    assert exposure("check", "--data", folder, "--extend", own).returncode == 3
