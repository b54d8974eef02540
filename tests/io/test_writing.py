import datetime as dt
import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exposure.errors import OutputError
from exposure.io import cell_text, read_package, table_text, write_package
from exposure.model import TABLES, BomLine, Control, Demand, Item, Lane, Network, Recipe, Region, Rule, Stock
from tests.tiny import tiny_network, tiny_package


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "yes"),
        (False, "no"),
        (120.0, "120"),
        (0.1, "0.1"),
        (1 / 3, "0.3333333333333333"),
        (1e-7, "1e-07"),
        (1e15, "1000000000000000"),
        (-0.0, "0"),
        (7, "7"),
        (dt.date(2025, 4, 4), "2025-04-04"),
        ("=1+1", "=1+1"),
    ],
)
def test_cells_are_written_short_and_exact(value, text):
    assert cell_text(value) == text


def test_texts_with_commas_quotes_and_line_breaks():
    rows = [Region(region="CN", name='a "b", c', note="one\ntwo\rthree")]
    assert (
        table_text("regions", rows)
        == 'region,name,within,owner,owner_share,note\nCN,"a ""b"", c",,,,"one\ntwo\rthree"\n'
    )


def test_own_columns_come_first_then_evidence():
    header = table_text("control_scope", []).strip()
    assert header == "control,item,origin,destination,mechanism,value,days,covered,known,from,to,low,high,source,note"


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_write_read_write(tmp_path):
    net, _ = read_package(tiny_package(tmp_path / "a"))
    write_package(net, tmp_path / "b")
    again, findings = read_package(tmp_path / "b")
    write_package(again, tmp_path / "c")
    assert findings == []
    assert contents(tmp_path / "b") == contents(tmp_path / "c")
    assert all(getattr(net, table) == getattr(again, table) for table in TABLES)


texts = st.text(st.characters(exclude_categories=("C", "Z")) | st.sampled_from(' ,"\n;=+-@'), max_size=12).map(
    str.strip
)
names = texts.filter(bool)
amounts = st.floats(0, 1e15, allow_subnormal=False)
blank_or = st.none() | amounts
months = st.integers(0, 600)
days = st.none() | st.dates(dt.date(1990, 1, 1), dt.date(2100, 1, 1))
ids = st.sampled_from(["a", "b", "NO", "NA", "US/auto"])


def records(record, **fields):
    return st.lists(st.builds(record, **fields), min_size=1, max_size=3)


networks = st.builds(
    Network,
    name=names,
    baseline_year=texts,
    regions=records(Region, region=ids, name=names, within=ids, note=texts),
    items=records(
        Item,
        item=ids,
        name=names,
        kind=st.sampled_from(["material", "people"]),
        unit=names,
        price_usd=amounts,
        storable=st.booleans(),
        life_months=st.none() | months,
        codes=texts,
        low=blank_or,
        source=texts,
    ),
    recipes=records(Recipe, recipe=ids, item=ids, region=ids, output0=blank_or, extra_cost_usd=amounts, note=texts),
    bom=st.lists(st.builds(BomLine, recipe=ids, input=ids, quantity=st.floats(-1e15, 1e15)), max_size=2),
    lanes=records(Lane, item=ids, origin=ids, destination=ids, flow0=blank_or, max_flow=blank_or, lead_months=months),
    stocks=st.lists(st.builds(Stock, item=ids, region=ids, quantity=blank_or, cover_months=blank_or), max_size=2),
    demand=records(Demand, item=ids, region=ids, value_usd=amounts, deferrable=st.floats(0, 1)),
    controls=st.lists(
        st.builds(
            Control,
            control=ids,
            title=names,
            announced=st.dates(),
            effective=st.dates(),
            ends=days,
            status=st.just("threat"),
        ),
        max_size=2,
    ),
    control_scope=st.lists(
        st.builds(
            Rule,
            control=ids,
            item=ids,
            origin=texts,
            mechanism=st.sampled_from(["ban", "tariff"]),
            value=texts,
            from_=days,
        ),
        max_size=2,
    ),
    facts=st.just(()),
)


@given(net=networks)
def test_write_read_write_is_byte_identical(net, tmp_path_factory):
    one, two = tmp_path_factory.mktemp("one"), tmp_path_factory.mktemp("two")
    write_package(net, one)
    again, findings = read_package(one)
    assert [finding for finding in findings if finding.severity == "error"] == []
    write_package(again, two)
    assert contents(one) == contents(two)
    assert all(getattr(net, table) == getattr(again, table) for table in TABLES)


@given(value=st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_survive(value):
    assert math.isclose(float(cell_text(value)), value, rel_tol=0, abs_tol=0)


def test_tables_without_rows(tmp_path):
    net = tiny_network(demand="item,region,value_usd\nore,US,1")
    write_package(net, tmp_path / "new")
    assert not (tmp_path / "new" / "bom.csv").exists()
    tiny_package(tmp_path / "old")
    write_package(net, tmp_path / "old")
    assert (tmp_path / "old" / "bom.csv").read_text() == "recipe,input,quantity,low,high,source,note\n"


def test_manifest_keeps_what_was_written_by_hand(tmp_path):
    (tmp_path / "datapackage.json").write_text('{"title": "By hand", "licence": "CC BY 4.0", "contact": "me"}')
    write_package(tiny_network(name="n", baseline_year="2024", demand="item,region,value_usd\nore,US,1"), tmp_path)
    manifest = json.loads((tmp_path / "datapackage.json").read_text())
    assert {key: manifest[key] for key in ("name", "title", "baseline_year", "licence", "contact")} == {
        "name": "n",
        "title": "By hand",
        "baseline_year": "2024",
        "licence": "CC BY 4.0",
        "contact": "me",
    }


def test_folder_that_is_a_file(tmp_path):
    (tmp_path / "x").write_text("")
    with pytest.raises(OutputError, match="cannot be used as a folder"):
        write_package(tiny_network(), tmp_path / "x")
