"""A small chain for policy tests: ore and magnets from CN and AU to US, US/defence and JP; flows of 120 a year."""

from exposure.calendar import Calendar, Month
from exposure.model import Network, Scenario
from tests.tiny import tiny_network

LANES = """
    item,   origin,    destination, flow0, lead_months
    magnet, CN,        US,          120,   0
    magnet, CN,        US/defence,  12,    0
    magnet, CN,        JP,          60,    2
    magnet, AU,        US,          24,    0
    magnet, US,        US/defence,  6,     0
    magnet, CN,        CN/military, 30,    0
    ore,    AU,        CN,          120,   1
"""
TO_US, TO_DEFENCE, TO_JP, FROM_AU, INSIDE_US, INSIDE_CN, ORE = range(7)


def world(control_scope: str, controls: str | None = None) -> Network:
    """Return the chain with some rules; each control is announced and effective on 2025-04-01 unless given."""
    names = dict.fromkeys(line.split(",")[0].strip() for line in control_scope.strip().splitlines()[1:])
    if controls is None:
        controls = "control,title,imposer,announced,effective,ends,status\n" + "\n".join(
            f"{name},{name},CN,2025-04-01,2025-04-01,,in_force" for name in names
        )
    return tiny_network(
        recipes="recipe,item,region,output0\nmake,magnet,CN,222\nmine,ore,AU,120",
        bom="recipe,input,quantity\nmake,ore,0.5",
        lanes=LANES,
        demand="item,region,quantity,value_usd\nmagnet,US,120,1000",
        controls=controls,
        control_scope=control_scope,
    )


def case(net: Network, **fields) -> Scenario:
    """Return the scenario with all controls of a network."""
    return Scenario(**{"controls": tuple(net.control), **fields})


def calendar(start: str = "2025-01", periods: int = 12) -> Calendar:
    return Calendar(Month.parse(start), periods)
