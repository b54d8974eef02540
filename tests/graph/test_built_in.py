"""The built-in network against published figures."""

import pytest

import exposure as ex
from exposure.graph import chain_of, explode, origin_shares, world_shares
from exposure.response import close_once


@pytest.fixture(scope="module")
def chain():
    net = ex.load()
    base = close_once(net)
    return chain_of(
        net, base.output, base.flow, base.quantity - base.gap, capacity=base.capacity, max_flow=base.max_flow
    )


def test_dysprosium_in_an_electric_car(chain):
    # 2.5 kg of magnets at 0.6-3 % of dysprosium and terbium are 15-75 g a car (note to RX-142, which itself says 65 g); as metal
    grams = {row.item: row.quantity * 1e6 for row in explode(chain, "ev", "US")}
    assert 15 <= grams["dy_metal"] <= 75
    # by hand: 2.2 kg of hot magnets in the motors and 0.08 in small ones, 1.7 % dysprosium wherever they are made: 38.8 g
    assert grams["dy_metal"] == pytest.approx(2280 * 0.017)
    # 1.18 t of oxide make a tonne of metal
    assert grams["dy_oxide"] == pytest.approx(2280 * 0.017 * 1.18)


def test_where_that_dysprosium_was_mined_separated_and_made(chain):
    shares = {}
    for row in origin_shares(chain, "ev", "US", along="dy_oxide"):
        shares.setdefault(row.item, {})[row.origin] = row.share
    assert shares["dy_oxide"] == {"CN": pytest.approx(1)}  # the world's dysprosium was separated in China in 2024
    mined = shares["heavy_concentrate"]
    assert mined["MM"] > mined["CN"] > mined["LA"]
    assert "ndfeb_light" not in shares  # light magnets hold none


def test_samarium_in_a_fighter(chain):
    # magnets of one aircraft weigh some tens of kilograms; samarium is about a third of samarium-cobalt
    kilograms = {row.item: row.quantity * 1000 for row in explode(chain, "fighter_jet")}
    assert 0.25 < kilograms["sm_metal"] / kilograms["smco_magnet"] < 0.45
    assert 10 < kilograms["smco_magnet"] + kilograms["ndfeb_hot"] < 100


def test_china_makes_nine_tenths_of_magnets(chain):
    hot, light = world_shares(chain, "ndfeb_hot"), world_shares(chain, "ndfeb_light")
    assert 0.85 < hot["CN"] < 0.97
    assert 0.85 < light["CN"] < 0.97


def test_a_rare_earth_that_is_short_stops_its_own_targets_alone():
    net = ex.load()
    makers = net.makers_of["rare_earth_target"]
    inputs = [[line.input for line in net.bom_of[row.recipe]] for row in makers]
    assert sorted(inputs) == sorted([[f"{e}_oxide"] for e in ("tb", "dy", "gd", "y", "sc")] * 2)
    # oxide in a tonne of all targets: 0.25 t Tb, 0.25 Dy, 0.35 Gd, 0.2 Y, 0.08 Sc
    made = {(line.input, row.region): row.output0 * line.quantity for row in makers for line in net.bom_of[row.recipe]}
    for region, tonnes in (("JP", 11.3), ("CN", 10.7)):
        mix = [made[f"{e}_oxide", region] / tonnes for e in ("tb", "dy", "gd", "y", "sc")]
        assert mix == pytest.approx([0.25, 0.25, 0.35, 0.2, 0.08], rel=0.01)


def test_everything_made_belongs_to_some_final_demand(chain):
    passing = chain.passing_per_unit @ chain.served
    taken = chain.taken > 0
    assert passing[taken] == pytest.approx(chain.inflow[taken], rel=1e-6)
