"""A draw is what a run on the network with these figures says, to the ninth digit."""

import random

import pytest

import exposure as ex
from exposure.check.cells import main_number
from exposure.lp.baseline import close
from exposure.model import KEYS, Override
from exposure.response.draw import MEASURES, Change, Prepared, answer_draw, enters_baseline
from tests.random_networks import random_network
from tests.response.shaken import FIELDS, shaken
from tests.support import case
from tests.tiny import tiny_network

COLUMNS = {
    "stocks": ("cover_months",), "recipes": ("extra_cost_usd", "start_months", "ramp_months"), "lanes": ("extra_cost_usd",),
    "demand": ("value_usd",), "items": ("price_usd",), "control_scope": ("value",), "bom": ("quantity",),
}  # fmt: skip


def changes(net, rng, tables):
    """Multiply a good part of the figures by something between a half and three halves."""
    found = []
    for table in tables:
        for row, record in enumerate(getattr(net, table)):
            for column in COLUMNS[table]:
                stated = main_number(record)
                value = stated[1] if table == "control_scope" and stated else getattr(record, column)
                if rng.random() < 0.7 and isinstance(value, (int, float)) and value:
                    new = value * rng.uniform(0.5, 1.5)
                    new = round(new) if column in ("start_months", "ramp_months") else new
                    new = min(new, 1.0) if table == "control_scope" and record.mechanism != "quota" else new
                    found.append(Change(table, row, column, new))
    return found


def overrides(net, changed):
    for change in changed:
        record = getattr(net, change.table)[change.row]
        fields = {field.alias or name: name for name, field in type(record).model_fields.items()}
        key = {name: str(getattr(record, fields[name]) or "") for name in KEYS[change.table]}
        yield Override(table=change.table, column=change.column, value=repr(change.value), **key)


def wider(changed):
    return [Change(c.table, c.row, c.column, c.value * 2) for c in changed]


def assert_same(net, prepared, scenario, changed):
    answered = answer_draw(prepared, changed)
    out = ex.run(net.with_values(overrides(net, changed)), scenario)
    for response, level in answered.items():
        row = out.summary.set_index("response").loc[response]
        scale = max(float(row["damage_usd"]), 1.0)
        for name in MEASURES:
            assert level.summary[name] == pytest.approx(float(row[name]), rel=1e-9, abs=1e-9 * scale), (response, name)
        assert level.summary["first_loss_month"] == (
            row["first_loss_month"] if isinstance(row["first_loss_month"], str) else None
        )
        assert level.loss.sum() == pytest.approx(float(row["loss_usd"]), rel=1e-9)
        lost = out.loss[out.loss["response"] == response].groupby(["item", "region"])["loss_usd"].sum()
        for demand, usd in zip(net.demand, level.loss, strict=True):
            assert usd == pytest.approx(float(lost.get((demand.item, demand.region), 0.0)), rel=1e-9, abs=1e-9 * scale)
    return answered["contracts"].summary["damage_usd"]


@pytest.mark.parametrize("seed", [1, 4, 7])
@pytest.mark.parametrize("kind", ["more_rules", "origin_rules"])
def test_a_draw_equals_a_run_on_the_changed_network(seed, kind):
    net = shaken(seed, **{kind: True})
    scenario = case(net, **FIELDS)
    rng = random.Random(seed)
    tables = ("stocks", "recipes", "lanes", "demand", "control_scope") + (("items",) if kind == "more_rules" else ())
    drawn = [changes(net, rng, tables) for _ in range(2)]
    drawn = [
        [c for c in some if not enters_baseline(net, scenario, c.table, getattr(net, c.table)[c.row], c.column)]
        for some in drawn
    ]
    prepared = Prepared(net, scenario, wider(drawn[0]))
    damage = [assert_same(net, prepared, scenario, some) for some in drawn]
    assert damage[0] != damage[1]
    assert max(damage) > 0


def test_a_changed_coefficient_closes_the_baseline_anew():
    net = shaken(4)
    scenario = case(net, **FIELDS)
    changed = changes(net, random.Random(4), ("bom", "stocks"))
    prepared = Prepared(net, scenario, wider(changed))
    assert any(prepared.closes_anew(change) for change in changed)
    assert assert_same(net, prepared, scenario, changed) > 0


def test_what_enters_the_baseline_is_told_from_what_does_not():
    # whatever is said not to enter the baseline may change without moving it
    for seed in range(4):
        net = random_network(seed, more_rules=True)
        scenario = case(net, **FIELDS)
        some = changes(net, random.Random(seed), ("stocks", "recipes", "lanes", "demand", "items", "control_scope"))
        free = [c for c in some if not enters_baseline(net, scenario, c.table, getattr(net, c.table)[c.row], c.column)]
        assert len(free) == len(some) > 10
        before, after = close(net), close(net.with_values(overrides(net, free)))
        assert before.flow.tolist() == after.flow.tolist()
        assert before.output.tolist() == after.output.tolist()


def test_new_plants_and_new_lanes_may_change_too():
    # the US may build a mine of its own and buy from Australia, each of a size that nobody knows
    net = tiny_network(
        recipes="""recipe,item,region,output0,capacity,extra_cost_usd,start_months
                   mine_cn,ore,CN,120,120,0,0
                   mine_au,ore,AU,60,120,0,0
                   mine_us,ore,US,0,60,5,2""",
        lanes="item,origin,destination,flow0,max_flow\nore,CN,US,120,120\nore,AU,US,0,24\nore,AU,JP,60,60",
        stocks="item,region,cover_months\nore,US,1",
        demand="item,region,quantity,value_usd\nore,US,120,1000\nore,JP,60,1000",
        capacity="recipe,month,capacity,announced\nmine_us,2025-07,90,2025-03",
        controls="control,title,announced,effective,status\nC1,Ban,2025-04-01,2025-04-01,in_force",
        control_scope="control,item,origin,destination,mechanism,value\nC1,ore,CN,US,licence,0.2",
    )  # fmt: skip
    scenario = case(net, start="2025-03", months=8, tail=2)
    prepared = Prepared(net, scenario, [Change("lanes", 1, "max_flow", 60), Change("recipes", 2, "capacity", 90)])
    some = [Change("lanes", 1, "max_flow", 36.0), Change("recipes", 2, "capacity", 40.0), Change("capacity", 0, "capacity", 70.0),
            Change("stocks", 0, "cover_months", 0.5), Change("control_scope", 0, "value", 0.35)]  # fmt: skip
    assert not any(prepared.closes_anew(change) for change in some)
    assert assert_same(net, prepared, scenario, some) > 0


def test_answers_do_not_depend_on_what_was_asked_before():
    net = shaken(7, more_rules=True)
    scenario = case(net, **FIELDS)
    rng = random.Random(3)
    one, two = (changes(net, rng, ("stocks", "control_scope", "demand")) for _ in range(2))
    prepared = Prepared(net, scenario, wider(one))
    first = answer_draw(prepared, one)
    answer_draw(prepared, two)
    again, fresh = answer_draw(prepared, one), answer_draw(Prepared(net, scenario, wider(one)), one)
    for response in first:
        assert first[response].summary == again[response].summary == fresh[response].summary
        assert first[response].loss.tolist() == again[response].loss.tolist() == fresh[response].loss.tolist()
