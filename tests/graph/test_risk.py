"""Supply risk against the Commission's printed results, and against hand arithmetic."""

from itertools import product

import pytest

from exposure.errors import InputError
from exposure.graph import (
    chain_of,
    import_reliance,
    scaled_governance,
    supply_risk,
    supply_risk_of,
    weighted_concentration,
)
from tests.graph.worlds import car_world

# Tables 3, 18 and 19 of the criticality assessments of 2017 (https://doi.org/10.2873/876644): HHI(WGI,t) of world supply and of EU
# sourcing, import reliance and end-of-life recycling input rate in %, substitution index, supply risk. A blank in the second
# column: the report used world supply only (it prints 3.4 for scandium and 0.8 for indium, and marks both "GS only").
PRINTED_2017 = """
antimony,7.1,5.7,100,28,0.9,4.3
bismuth,4.0,4.2,100,1,0.9,3.8
borate,1.1,5.0,100,0,1.0,3.0
cerium,9.2,2.6,100,1,1.0,5.7
cobalt,3.6,1.3,32,0,1.0,1.6
dysprosium,9.2,1.8,100,0,0.9,5.2
erbium,9.2,1.6,100,1,1.0,5.2
europium,9.2,1.8,100,38,1.0,3.4
gadolinium,9.2,1.8,100,1,0.9,5.1
gallium,3.5,1.1,34,0,1.0,1.4
germanium,2.9,1.5,64,2,1.0,1.9
holmium,9.2,1.8,100,1,1.0,5.4
indium,2.5,,0,0,1.0,2.4
lanthanum,9.2,1.8,100,1,1.0,5.4
lithium,0.8,1.4,86,0,0.9,1.0
lutetium,9.2,1.8,100,1,1.0,5.4
magnesium,4.4,5.2,100,9,0.9,4.0
natural graphite,3.2,2.9,99,3,1.0,2.9
neodymium,8.8,1.8,100,1,0.9,4.8
niobium,4.1,2.5,100,0,0.9,3.1
praseodymium,9.2,1.8,100,10,0.9,4.6
samarium,9.2,1.6,100,1,0.8,4.5
scandium,3.0,,100,0,1.0,2.9
silicon metal,2.3,0.4,64,0,1.0,1.0
terbium,9.2,1.8,100,6,0.9,4.8
thulium,9.2,1.8,100,1,1.0,5.4
tungsten,7.5,1.9,44,42,1.0,1.8
vanadium,2.5,3.3,84,44,0.9,1.6
ytterbium,9.2,1.8,100,1,1.0,5.4
yttrium,9.2,1.8,100,31,1.0,3.8
"""
ROWS = [line.split(",") for line in PRINTED_2017.strip().splitlines()]


def about(text, half):
    """The interval that rounds to a printed figure, as its two ends."""
    return (float(text) - half, float(text) + half)


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_published_risk_of_2017_comes_out_within_rounding(row):
    # every printed input stands for an interval (one decimal; whole per cent); the risk's interval must meet the printed one's
    _, world, sourcing, reliance, recycling, substitution, printed = row
    ends = product(
        about(world, 0.05),
        about(sourcing, 0.05) if sourcing else (None,),
        about(reliance, 0.5),
        about(recycling, 0.5),
        about(substitution, 0.05),
    )
    risks = [
        supply_risk(w, s, import_reliance=i / 100, recycling=min(max(r / 100, 0), 1), substitution=min(max(x, 0), 1))
        for w, s, i, r, x in ends
    ]
    low, high = about(printed, 0.05)
    assert min(risks) <= high
    assert max(risks) >= low


def test_thirty_materials_are_there():
    assert len(ROWS) == 30


def test_germanium_of_2023_is_not_reproduced():
    # Printed 1.8. World HHI(WGI,t) 3.98 and EU sourcing 3.97, recomputed from the shares of the transcription; recycling 2 %. Both
    # being nearly equal (the EU vector copies the world's), no import reliance gives less than 3.97 x 0.98 = 3.89, and no
    # substitution index of the 2017 table (0.8 at least) brings it to 1.8.
    risks = [supply_risk(3.98, 3.97, import_reliance=i / 10, recycling=0.02, substitution=0.8) for i in range(11)]
    assert min(risks) == pytest.approx(3.97 * 0.98 * 0.8)
    assert min(risks) > 1.8 + 1.0


def test_negative_reliance_counts_as_none():
    # a net exporter: all weight on its own sourcing, 2 x (1 - 0/2) = 2
    assert supply_risk(6, 2, import_reliance=-0.3) == 2
    # IR 100 %: half each, (6 + 2)/2 = 4; with 25 % recycling and index 0.5: 4 x 0.75 x 0.5
    assert supply_risk(6, 2, import_reliance=1, recycling=0.25, substitution=0.5) == pytest.approx(1.5)


def test_a_percentage_is_refused():
    with pytest.raises(InputError, match="recycling 31"):
        supply_risk(9.2, 1.8, import_reliance=1, recycling=31)


def test_scaling_and_weights_by_hand():
    # the worst government, -2.5, is 10; the best, 2.5, is 0
    assert (scaled_governance(-2.5), scaled_governance(2.5)) == (10, 0)
    # China 0.9 at W 6 under restriction, home 0.1 at W 2: 0.81 x 6 x 1.1 + 0.01 x 2 x 0.8 = 5.346 + 0.016
    shares, governance = {"CN": 0.9, "EU": 0.1}, {"CN": -0.5, "EU": 1.5}
    assert weighted_concentration(shares, governance, {"CN": 1.1, "EU": 0.8}) == pytest.approx(5.362)


def test_risk_of_a_network_by_hand():
    # world makes 60 magnets in CN, 20 in JP: shares 3/4, 1/4; all go to the US, which makes none, so IR = 1 and it sees the same
    # shares. W: CN 6, JP 2.4. HHI(WGI,t) = 9/16 x 6 + 1/16 x 2.4 = 3.375 + 0.15 = 3.525
    chain = chain_of(*car_world())
    found = supply_risk_of(chain, "magnet", "US", {"CN": -0.5, "JP": 1.3})
    assert found.import_reliance == import_reliance(chain, "magnet", "US") == 1
    assert found.risk == pytest.approx(3.525)
    assert found.unknown == ()
    # with exports of CN restricted: 3.375 x 1.1 + 0.15; Japan without a figure counts as the world's mean, W 5: 1/16 x 5
    found = supply_risk_of(chain, "magnet", "US", {"CN": -0.5}, restricted=["CN"])
    assert found.risk == pytest.approx(3.7125 + 0.3125)
    assert found.unknown == ("JP",)
    assert import_reliance(chain, "magnet", "CN") == 0  # a net exporter
