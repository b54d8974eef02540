"""Ensembles: what is drawn, and draws that are the same whoever answers them and however often they are interrupted."""

import json
import multiprocessing
import os
import re
import signal
import socket
import subprocess
import sys
import time

import numpy as np
import pandas as pd
import pytest
from openpyxl import load_workbook

import exposure as ex
from exposure.model import RESPONSES
from exposure.studies.ensemble import work
from exposure.studies.ensemble.figures import figures_of
from exposure.studies.ensemble.store import MANIFEST
from tests.tiny import tiny_network, tiny_package

# China sells 120 ore a year to the US, a unit is worth 1,000 USD; a licence lets 20 % through, or 0 to 50 %; a month is in stock
TABLES = {
    "recipes": """recipe,item,region,output0,capacity,extra_cost_usd,start_months,low,high,source
                  mine_cn,ore,CN,120,120,0,0,,,F1
                  mine_us,ore,US,0,30,5,2,10,60,estimate""",
    "lanes": "item,origin,destination,flow0,low,high,source\nore,CN,US,120,100,130,F1",
    "stocks": "item,region,cover_months,low,high,source\nore,US,1,0.5,2,F2",
    "demand": "item,region,quantity,value_usd,low,high,source\nore,US,120,1000,110,130,F3",
    "controls": """control,title,announced,effective,status
                   C1,Licences,2025-04-01,2025-04-01,in_force""",
    "control_scope": """control,item,origin,destination,mechanism,value,low,high,from,source
                        C1,ore,CN,US,licence,0.2,0,0.5,2025-04-01,F4
                        C1,ore,CN,US,licence,0.4,0.3,0.6,2025-07-01,F5""",
}
CASE = {"start": "2025-04", "months": 6, "tail": 1, "controls": ["C1"]}


def network(**replaced):
    return tiny_network(**{**TABLES, **replaced})


def case(**fields):
    return ex.Scenario(name="licences", **{**CASE, **fields})


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole") / "draws"
    return ex.ensemble(network(), case(), draws=40, seed=3, out=folder, chunk=8), folder


def files(folder):
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.parquet"))} | {
        MANIFEST: (folder / MANIFEST).read_bytes()
    }


def test_figures_with_a_range_are_drawn_and_the_baseline_is_left():
    figures = figures_of(network(), case())
    # outputs, flows and demand belong to the closed baseline; the new mine, the stock and both steps of the path do not
    assert [(f.table, f.column, f.low, f.likely, f.high) for f in figures] == [
        ("recipes", "capacity", 10, 30, 60),
        ("stocks", "cover_months", 0.5, 1, 2),
        ("control_scope", "value", 0, 0.2, 0.5),
        ("control_scope", "value", 0.3, 0.4, 0.6),
    ]
    assert len({f.group for f in figures}) == 4


def test_what_the_scenario_sets_is_not_drawn():
    fixed = ex.Override(table="stocks", item="ore", region="US", column="cover_months", value=3)
    assert [f.table for f in figures_of(network(), case(set=(fixed,)))] == ["recipes", "control_scope", "control_scope"]


def test_rows_with_the_same_facts_move_together():
    scope = """control,item,origin,destination,mechanism,value,low,high,source
               C1,ore,CN,US,licence,0.2,0,0.5,F4;F5
               C1,gem,CN,US,licence,0.3,0.1,0.5,F5; F4; estimate"""
    net = network(control_scope=scope, lanes="item,origin,destination,flow0\nore,CN,US,120\ngem,CN,US,1",
                  recipes="recipe,item,region,output0\nmine_cn,ore,CN,120\ngem_cn,gem,CN,1",
                  demand="item,region,quantity,value_usd\nore,US,120,1000\ngem,US,1,5")  # fmt: skip
    found = ex.ensemble(net, case(), draws=8, seed=1)
    assert found.record["groups"] == 2
    assert found.tornado["count"].max() == 2


def test_further_ranges_can_be_given():
    given = ["recipes.mine_us.start_months=1:5", "demand.ore:US.value_usd=800:1500"]
    figures = {f.address: f for f in figures_of(network(), case(), ranges=given)}
    assert (figures["recipes:mine_us.start_months"].low, figures["recipes:mine_us.start_months"].likely) == (1, 2)
    found = ex.ensemble(network(), case(), draws=6, seed=1, ranges=given)
    assert set(found.values["recipes:mine_us.start_months"]) <= {1, 2, 3, 4, 5}
    with pytest.raises(ex.InputError) as caught:
        figures_of(
            network(),
            case(),
            ranges=["recipes.mine_uss.start_months=1:5", "stocks.ore:US.cover_months=3:4", "lanes.x=2"],
        )
    assert len(caught.value.findings) == 3
    assert 'did you mean "mine_us"' in str(caught.value)


def test_each_range_is_covered_evenly_and_draws_repeat(whole):
    found, _ = whole
    licence = found.values["control_scope.value from F4"].to_numpy()
    assert licence.min() >= 0
    assert licence.max() <= 0.5
    # one draw in each fortieth of the distribution: of a triangle on 0 to 0.5 with mode 0.2 the chance below 0.2 is 0.4
    assert np.sum(licence < 0.2) == 16
    again = ex.ensemble(network(), case(), draws=40, seed=3)
    pd.testing.assert_frame_equal(again.draws, found.draws)
    other = ex.ensemble(network(), case(), draws=40, seed=4)
    assert not np.array_equal(other.values["control_scope.value from F4"], licence)


def test_a_draw_is_the_run_with_its_values(whole):
    found, _ = whole
    values = found.values.iloc[17]
    sets = (
        ex.Override(table="recipes", recipe="mine_us", column="capacity", value=values["recipes:mine_us.capacity"]),
        ex.Override(
            table="stocks", item="ore", region="US", column="cover_months", value=values["stocks.cover_months from F2"]
        ),
        ex.Override(
            table="control_scope",
            **{"from": "2025-04-01"},
            column="value",
            value=repr(float(values["control_scope.value from F4"])),
        ),
        ex.Override(
            table="control_scope",
            **{"from": "2025-07-01"},
            column="value",
            value=repr(float(values["control_scope.value from F5"])),
        ),
    )
    out = ex.run(network(), case(set=sets)).summary.set_index("response")
    drawn = found.draws[found.draws["draw"] == 17].set_index("response")
    for response in RESPONSES:
        assert drawn.loc[response, "damage_usd"] == pytest.approx(out.loc[response, "damage_usd"], rel=1e-9)
        assert drawn.loc[response, "damage_usd"] > 0


def test_the_tables_say_what_sways_the_damage(whole):
    found, _ = whole
    total = found.quantiles.query("item == '' and measure == 'damage_usd'").set_index("response")
    assert (total["p10"] < total["p50"]).all()
    by_product = found.quantiles.query("item == 'ore' and region == 'US' and response == 'contracts'")
    assert (
        by_product["p50"].tolist()
        == found.quantiles.query("item == '' and measure == 'loss_usd' and response == 'contracts'")["p50"].tolist()
    )
    leaning = found.tornado.query("response == 'contracts'").set_index("figures_moving_together")
    # more let through or more in stock: less damage; contracts build no mine
    assert leaning.loc["control_scope.value from F4", "swing_usd"] < 0
    assert leaning.loc["stocks.cover_months from F2", "rank_correlation"] < 0
    assert not leaning.loc["recipes:mine_us.capacity", "beyond_chance"]
    known = found.information.query("response == 'contracts'").set_index("figures_moving_together")["variance_share"]
    assert known["control_scope.value from F4"] > 0.1
    assert known["recipes:mine_us.capacity"] < 0.2


def test_a_draw_that_closes_the_baseline_anew():
    found = ex.ensemble(network(), case(), draws=5, seed=1, flows=True)
    assert {"demand.quantity from F3", "lanes.flow0 from F1"} <= set(found.values)
    assert found.record["failed"] == 0
    assert (found.draws["loss_usd"] > 0).any()


def test_two_processes_and_a_resumed_folder_hold_the_same_bits(whole, tmp_path):
    _, folder = whole
    expected = files(folder)
    resumed = tmp_path / "resumed"
    ex.ensemble(network(), case(), draws=40, seed=3, out=resumed, chunk=8, jobs=2)
    assert files(resumed) == expected
    (resumed / "draws-00001.parquet").unlink()
    broken = resumed / "draws-00003.parquet"
    broken.write_bytes(broken.read_bytes()[:-100] + b"x" * 100)  # of the right length, and of the right name
    kept = (resumed / "draws-00002.parquet").stat().st_mtime_ns
    told = []
    ex.ensemble(
        network(), case(), draws=40, seed=3, out=resumed, chunk=8, tell=lambda done, draws, left: told.append(done)
    )
    assert told == [24, *range(25, 41)]
    assert files(resumed) == expected
    assert (resumed / "draws-00002.parquet").stat().st_mtime_ns == kept


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"net": network(stocks="item,region,cover_months,low,high,source\nore,US,1.1,0.5,2,F2")}, "data stocks.csv"),
        ({"seed": 4}, "seed (3, now 4)"),
        ({"draws": 41}, "draws (40, now 41)"),
        ({"case": case(months=5)}, "scenario hash"),
        ({"ranges": ["recipes.mine_us.start_months=1:5"]}, "figures drawn"),
    ],
)
def test_draws_of_other_inputs_are_never_mixed(whole, changed, word):
    _, folder = whole
    before = files(folder)
    given = {"net": network(), "case": case(), "draws": 40, "seed": 3, **changed}
    net, asked = given.pop("net"), given.pop("case")
    with pytest.raises(ex.InputError, match=re.escape(word)):
        ex.ensemble(net, asked, out=folder, chunk=8, **given)
    assert files(folder) == before


def test_fresh_starts_anew(tmp_path):
    ex.ensemble(network(), case(), draws=4, seed=1, out=tmp_path, chunk=2)
    found = ex.ensemble(network(), case(), draws=2, seed=2, out=tmp_path, chunk=2, fresh=True)
    assert found.record["draws"] == 2
    assert [path.name for path in tmp_path.glob("*.parquet")] == ["draws-00000.parquet"]


def test_one_failing_draw_does_not_lose_the_rest(monkeypatch, tmp_path):
    real = work.answer_draw

    def fails_where_much_is_let_through(prepared, changes):
        if changes[2].value > 0.45:
            message = "HiGHS ended with status Time limit reached, not Optimal"
            raise ex.SolverError(message)
        return real(prepared, changes)

    monkeypatch.setattr(work, "answer_draw", fails_where_much_is_let_through)
    found = ex.ensemble(network(), case(), draws=40, seed=3)
    bad = found.values.index[found.values["control_scope.value from F4"] > 0.45]
    assert list(found.failed) == bad.tolist()
    assert 0 < len(bad) < 10
    assert "Time limit" in found.text()
    good = found.draws[~found.draws["draw"].isin(bad)]
    assert good["damage_usd"].notna().all()
    damage = good[good["response"] == "voluntary"]["damage_usd"]
    told = found.quantiles.query("item == '' and measure == 'damage_usd' and response == 'voluntary'")
    assert told["mean"].item() == pytest.approx(damage.mean())


def test_text_json_and_workbook(whole, tmp_path):
    found, _ = whole
    assert "40 draws (seed 3) of 4 figures" in found.text()
    assert "control_scope:C1/ore/CN/US/licence/2025-04-01.value" in found.text()
    tables = json.loads(found.to_json())
    assert set(tables) == {"record", "quantiles", "tornado", "information", "draws", "values"}
    assert len(tables["draws"]) == 120
    path = found.to_excel(tmp_path / "reports" / "draws.xlsx")
    book = load_workbook(path)
    assert book.sheetnames == ["about", "quantiles", "tornado", "information", "draws"]
    assert book["draws"].max_row == 121
    assert found.to_excel(tmp_path / "again.xlsx").read_bytes() == path.read_bytes()


def test_nothing_with_a_range_is_refused():
    scope = "control,item,origin,destination,mechanism\nC1,ore,CN,US,ban"
    bare = network(stocks="item,region,cover_months\nore,US,1", control_scope=scope,
                   recipes="recipe,item,region,output0\nmine_cn,ore,CN,120")  # fmt: skip
    with pytest.raises(ex.InputError, match="--range"):
        ex.ensemble(bare, case(), draws=4)


def test_a_killed_process_of_the_pool_keeps_what_is_finished(whole, tmp_path):
    _, folder = whole

    def kill(done, draws, left):
        if done == 20:
            multiprocessing.active_children()[0].kill()

    with pytest.raises(ex.SolverError, match="give the same command again"):
        ex.ensemble(network(), case(), draws=40, seed=3, out=tmp_path, chunk=8, jobs=2, tell=kill)
    assert (tmp_path / "draws-00000.parquet").exists()
    ex.ensemble(network(), case(), draws=40, seed=3, out=tmp_path, chunk=8)
    assert files(tmp_path) == files(folder)


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    """The same network as a folder, for commands."""
    path = tmp_path_factory.mktemp("package") / "net"
    lined = {name: "\n".join(line.strip() for line in text.splitlines()) for name, text in TABLES.items()}
    return tiny_package(path, regions="region,name\nCN,China\nUS,United States", bom=None,
                        items="item,name,kind,unit,price_usd\nore,Ore,material,t,1", **lined)  # fmt: skip


def command(package, out, *more):
    asked = ("--control", "C1", "--start", "2025-04", "--months", "6", "--data", str(package), "--out", str(out))
    return [sys.executable, "-m", "exposure", "study", "ensemble", *asked, *more]


def straight(package, tmp_path):
    """Answer what the command asks in this process, without a break; return the folder."""
    asked = ex.Scenario(name="C1", controls=["C1"], start="2025-04", months=6)
    ex.ensemble(ex.load(package), asked, draws=40, seed=1, out=tmp_path / "straight")
    return tmp_path / "straight"


def test_a_killed_command_goes_on_where_it_was(package, tmp_path):
    out = tmp_path / "draws"
    running = subprocess.Popen(command(package, out, "--draws", "40"), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    deadline = time.monotonic() + 60
    while not (out / MANIFEST).exists() or "draws-00000" not in (out / MANIFEST).read_text():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    os.kill(running.pid, signal.SIGKILL)
    running.communicate()
    assert not (out / "draws-00001.parquet").exists()
    done = subprocess.run(command(package, out, "--draws", "40", "--json"), capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert done.stderr.startswith("20 of 40 draws")
    assert len(json.loads(done.stdout)["draws"]) == 120
    assert files(out) == files(straight(package, tmp_path))


def test_the_command_needs_a_scenario(package, tmp_path):
    done = subprocess.run(command(package, tmp_path)[:5], capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert "--control" in done.stderr


def started(*args):
    return subprocess.Popen(
        [sys.executable, "-m", "distributed.cli." + args[0], *args[1:]],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def test_a_cluster_that_loses_a_worker_answers_with_the_same_bits(package, tmp_path):
    # a real scheduler and two workers on loopback, one of them killed once the first chunk is there
    pytest.importorskip("distributed")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    plain = ("--no-dashboard",)
    scheduler = started("dask_scheduler", "--host", "127.0.0.1", "--port", address.rpartition(":")[2], *plain)
    workers = [
        started(
            "dask_worker",
            address,
            "--no-nanny",
            "--nthreads",
            "1",
            "--local-directory",
            str(tmp_path / f"w{k}"),
            *plain,
        )
        for k in range(2)
    ]
    try:
        out = tmp_path / "cluster"
        asked = command(package, out, "--draws", "40", "--scheduler", address, "--json")
        running = subprocess.Popen(asked, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        deadline = time.monotonic() + 90
        while not list(out.glob("*.parquet")):
            assert time.monotonic() < deadline
            assert running.poll() is None, running.communicate()
            time.sleep(0.01)
        workers[1].kill()
        found, told = running.communicate(timeout=90)
        assert running.returncode == 0, told
        assert len(json.loads(found)["draws"]) == 120
        assert len(list(out.glob("*.parquet"))) == 2
    finally:
        for process in (*workers, scheduler):
            process.kill()
            process.wait()
    assert files(out) == files(straight(package, tmp_path))


def test_a_scheduler_that_does_not_answer_is_named(monkeypatch):
    pytest.importorskip("distributed")
    monkeypatch.setattr(work, "PATIENCE", "1s")
    with pytest.raises(ex.InputError, match=re.escape("tcp://127.0.0.1:1")):
        ex.ensemble(network(), case(), draws=2, scheduler="tcp://127.0.0.1:1")
