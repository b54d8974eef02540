"""Identities of the tables: goods are neither made nor lost, the gap adds up, nothing happens before the news."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exposure.calendar import Month
from exposure.lp.world import world_of
from exposure.model import RESPONSES
from exposure.policy import first_news
from exposure.response import close_once
from tests.response.shaken import FEW, FIELDS, SEEDS, SEVERAL, outcome, shaken
from tests.support import case

FORESIGHT = st.sampled_from(["announced", "perfect", "none"])


@SEVERAL
@given(SEEDS, FORESIGHT)
def test_goods_are_neither_made_nor_lost(seed, foresight):
    net = shaken(seed)
    out = outcome(net, foresight)
    joint = {(net.recipe[line.recipe].item, net.recipe[line.recipe].region) for line in net.bom if line.quantity < 0}
    joint |= {(line.input, net.recipe[line.recipe].region) for line in net.bom if line.quantity < 0}
    world = world_of(net, close_once(net))
    usual = dict(zip(world.nodes, world.throughput.tolist(), strict=True))
    for response in RESPONSES:
        left = _left_over(out, net, response)
        for node, surplus in left.items():
            size = max(1.0, usual.get(node, 0.0), np.abs(surplus[1:]).max(initial=0.0))
            if node in joint:
                assert surplus.min() >= -1e-6 * size, f"{node} gives away what it does not have"
            else:
                assert np.abs(surplus).max() <= 1e-6 * size, node


def _left_over(out, net, response):
    """Stock before + made + beside + arrived - used - shipped - served - stock after, per node: what is thrown away."""
    base = close_once(net)
    first, months = Month.parse(FIELDS["start"]), FIELDS["months"]
    nodes = {(r.item, r.region) for r in net.recipes} | {(r.item, r.destination) for r in net.lanes}
    nodes |= {(r.input, net.recipe[r.recipe].region) for r in net.bom} | {(r.item, r.region) for r in net.demand}
    nodes |= {(r.item, r.origin) for r in net.lanes}
    left = {node: np.zeros(months) for node in nodes}
    made = _series(out.production, response, ["recipe"], first, months)
    for recipe in net.recipes:
        output = made[recipe.recipe,]
        left[recipe.item, recipe.region] += output
        for line in net.bom_of[recipe.recipe]:
            left[line.input, recipe.region] -= line.quantity * output
    sent = _series(out.shipments, response, ["item", "origin", "destination"], first, months)
    for k, lane in enumerate(net.lanes):
        flow = sent[lane.key]
        left[lane.item, lane.origin] -= flow
        under_way = np.full(lane.lead_months, base.flow[k] / 12)
        left[lane.item, lane.destination] += np.concatenate([under_way, flow])[:months]
    for key, served in _series(out.loss, response, ["item", "region"], first, months, "served").items():
        left[key] -= served
    for key, stock in _series(out.stocks, response, ["item", "region"], first, months, "stock").items():
        before = _stock0(net, base, key)
        left[key] += np.concatenate([[before], stock[:-1]]) - stock
    return left


def _series(table, response, keys, first, months, column=None):
    chosen = table[table["response"] == response]
    value = chosen["usual"] + chosen["extra"] if column is None else chosen[column]
    found = {}
    for key, month, amount in zip(chosen[keys].itertuples(index=False), chosen["month"], value, strict=True):
        found.setdefault(tuple(key), np.zeros(months))[Month.parse(month) - first] += amount
    return found


def _stock0(net, base, key):
    """Cover times what leaves the node in a month."""
    row = next((r for r in net.stocks if (r.item, r.region) == key), None)
    if row is None:
        return 0.0
    leaving = sum(base.flow[k] for k, lane in enumerate(net.lanes) if (lane.item, lane.origin) == key)
    leaving += sum(base.quantity[d] - base.gap[d] for d, r in enumerate(net.demand) if (r.item, r.region) == key)
    leaving += sum(
        line.quantity * base.output[p]
        for p, recipe in enumerate(net.recipes)
        for line in net.bom_of[recipe.recipe]
        if line.quantity > 0 and (line.input, recipe.region) == key
    )
    return row.cover_months * leaving / 12


@SEVERAL
@given(SEEDS, FORESIGHT)
def test_the_gap_adds_up(seed, foresight):
    net = shaken(seed)
    gap = outcome(net, foresight).gap
    filled = gap["other_origins"] + gap["own_makers"] + gap["from_stock"] - gap["thrown_away"] - gap["passed_on"]
    filled += gap["replaced"] + gap["users_stopped"] + gap["unmet"]
    world = world_of(net, close_once(net))
    size = [world.throughput[world.node_index[node]] for node in zip(gap["item"], gap["region"], strict=True)]
    # plans are rounded to eight digits of a node's size before the next stage walks on from them; contracts are not
    digits = np.where(gap["response"] == "contracts", 1e-9, 1e-7)
    assert ((gap["cut"] - filled).abs() <= digits * np.maximum(size, gap["cut"].abs())).all()


@FEW
@given(SEEDS)
def test_nothing_happens_before_the_first_news(seed):
    net = shaken(seed)
    out = outcome(net)
    news = str(first_news(net, case(net)))
    assert news > FIELDS["start"], "there is a month before"
    assert (out.loss.loc[out.loss["month"] < news, "unmet"] == 0).all()
    for name in ("shipments", "production"):
        early = out.tables[name][out.tables[name]["month"] < news]
        assert (early["usual"] == early["baseline"]).all()
        assert (early["extra"] == 0).all()
    early = out.stocks[out.stocks["month"] < news]
    assert early.groupby(["response", "item", "region"])["stock"].nunique().max() in (1, np.nan)


@FEW
@given(SEEDS)
def test_the_summary_is_the_sum_of_the_tables(seed):
    out = outcome(shaken(seed))
    row = out.summary.set_index("response")
    for response in RESPONSES:
        loss = out.loss[out.loss["response"] == response]
        costs = out.costs[out.costs["response"] == response]["cost_usd"].sum()
        assert row.loc[response, "loss_usd"] == pytest.approx(loss["loss_usd"].sum())
        assert row.loc[response, "cost_usd"] == pytest.approx(costs)
        assert row.loc[response, "damage_usd"] == pytest.approx(loss["loss_usd"].sum() + costs)
        by_month = loss.groupby("month")["loss_usd"].sum()
        if by_month.max() > 1e-3:
            assert row.loc[response, "worst_month"] == by_month.idxmax()
            assert row.loc[response, "first_loss_month"] <= by_month.idxmax()


@FEW
@given(SEEDS)
def test_nothing_leaves_its_limits(seed):
    out = outcome(shaken(seed))
    shipped = out.shipments["usual"] + out.shipments["extra"]
    assert (shipped <= out.shipments["allowed"] * (1 + 1e-6) + 1e-6).all()
    made = out.production["usual"] + out.production["extra"]
    assert (made <= out.production["capacity"] * (1 + 1e-6) + 1e-6).all()
    assert (out.stocks["stock"] >= out.stocks["reserve"] - 1e-6).all()
    served = out.loss["served"] + out.loss["unmet"]
    assert (served <= out.loss["demand"] * 3 + 1e-6).all()


@FEW
@given(SEEDS)
def test_every_loss_has_its_reason(seed):
    net = shaken(seed)
    out = outcome(net)
    losses = out.loss[out.loss["unmet"] > 1e-6 * out.loss["demand"]]
    keys = ["response", "item", "region", "month"]
    explained = out.why.set_index(keys)
    for loss in losses.itertuples(index=False):
        row = explained.loc[(loss.response, loss.item, loss.region, loss.month)]
        assert row["loss_usd"] == pytest.approx(loss.loss_usd)
        if row["control"]:
            assert set(row["control"].split(" + ")) <= set(net.control)
            assert row["chain"].startswith(row["control"])
            assert row["chain"].endswith((f"{loss.item} {loss.region}", f"->{loss.region}"))
