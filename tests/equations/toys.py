"""One small network for each equation, and its rows as text that one can read.

Each toy holds just what its equation speaks of. The text begins with a legend (what each number in a name stands for) and then
gives the rows as PuLP writes them; a name is ``family_position_period``.
"""

from collections.abc import Callable

import numpy as np
import pulp

from exposure.lp.baseline import close
from exposure.lp.columns import Columns
from exposure.lp.equations import EQUATIONS
from exposure.lp.groups import Groups
from exposure.lp.objective import damage
from exposure.lp.statement import formulate
from exposure.lp.world import World, world_of
from exposure.model import Network
from tests.tiny import tiny_network

Toy = tuple[Network, int, Groups]


def balance() -> Toy:
    """A smelter with a by-product, a lane of one month, a lane without, a stock, deferrable demand and an installed tool."""
    return (
        tiny_network(
            items="""item, name, kind, unit, price_usd, life_months
                kiln, kiln, equipment, unit, 50, 24""",
            recipes="""recipe, item, region, output0, capacity
                dig, ore, CN, 240, 360
                smelt, metal, US, 120, 120
                build, kiln, US, 30, 30""",
            bom="recipe,input,quantity\nsmelt,ore,2\nsmelt,slag,-0.5\nsmelt,kiln,0.5",
            lanes="item,origin,destination,flow0,lead_months\nore,CN,US,240,1\nmetal,US,JP,60,0",
            stocks="item,region,quantity\nore,US,15",
            demand="item,region,quantity,value_usd,deferrable\nmetal,US,60,1000,0.5\nmetal,JP,60,1000,0",
        ),
        3,
        Groups(),
    )


def installed_base() -> Toy:
    """Tools that stand two months: what is installed in the first month expires in the third."""
    return _fab(), 4, Groups()


def installed_need() -> Toy:
    """Half a tool for each chip a year, hence six for each chip a month; two recipes share the tools."""
    return _fab(), 2, Groups()


def _fab() -> Network:
    return tiny_network(
        items="item,name,kind,unit,price_usd,life_months\nscanner,scanner,equipment,unit,50,2",
        recipes="""recipe, item, region, output0, capacity
            chip_old, chip, US, 120, 120
            chip_new, chip, US, 0, 24
            build, scanner, US, 432, 432""",
        bom="recipe,input,quantity\nchip_old,scanner,0.5\nchip_new,scanner,0.5",
        lanes="item,origin,destination\nchip,US,JP",
        demand="item,region,quantity,value_usd\nchip,JP,120,1000",
    )


def quota() -> Toy:
    """Two of three lanes are covered; the quota is off, so its cap is PuLP's word for without bound."""
    return (
        tiny_network(
            recipes="recipe,item,region,output0\ndig,ore,CN,180",
            lanes="item,origin,destination,flow0,max_flow\nore,CN,US,60,90\nore,CN,JP,60,60\nore,CN,KR,60,60",
            demand="item,region,quantity,value_usd\nore,US,60,1000\nore,JP,60,1000\nore,KR,60,1000",
        ),
        2,
        Groups(quotas=((0, 1),)),
    )


def origin_variants() -> Toy:
    """Motors that a rule may catch and clean ones (motor~1): one plant for 20 a month, one lane for 15; 2.5 clean are usual."""
    return (
        tiny_network(
            recipes="recipe,item,region,output0,capacity\nwind,motor,JP,90,210\nwind~1,motor~1,JP,30,240\ninstead,motor,JP,0,30",
            lanes="item,origin,destination,flow0,max_flow\nmotor,JP,US,90,180\nmotor~1,JP,US,30,180",
            demand="item,region,quantity,value_usd\nmotor,US,90,1000\nmotor~1,US,30,1000",
        ),
        2,
        Groups(recipes=((0, 1, 2),), lanes=((0, 1),), swaps=((1, 2),), instead=frozenset({2})),
    )


def deferral() -> Toy:
    """Two demand rows, of which one can wait."""
    return _two_demands(), 3, Groups()


def shortfall() -> Toy:
    """Two demand rows, of which one can wait; the other needs no row."""
    return _two_demands(), 2, Groups()


def _two_demands() -> Network:
    return tiny_network(
        recipes="recipe,item,region,output0\ndig,ore,CN,180",
        lanes="item,origin,destination,flow0\nore,CN,US,120\nore,CN,JP,60",
        demand="item,region,quantity,value_usd,deferrable,late_cost\nore,US,120,1000,0.5,0.02\nore,JP,60,400,0,0",
    )


def objective() -> Toy:
    """Extra output at 2, extra flow at 3 USD; a tariff of 25 % on 8 USD for what is shipped in the second month."""
    return (
        tiny_network(
            items="item,name,kind,unit,price_usd\nore,ore,material,t,8",
            recipes="recipe,item,region,output0,capacity,extra_cost_usd\ndig,ore,CN,120,180,2",
            lanes="item,origin,destination,flow0,extra_cost_usd\nore,CN,US,120,3",
            demand="item,region,quantity,value_usd,deferrable,late_cost\nore,US,120,1000,0.5,0.02",
        ),
        3,
        Groups(),
    )


TOYS: dict[str, Callable[[], Toy]] = {
    "balance": balance,
    "installed_base": installed_base,
    "installed_need": installed_need,
    "quota": quota,
    "origin_variants": origin_variants,
    "deferral": deferral,
    "shortfall": shortfall,
    "objective": objective,
}


def text_of(name: str) -> str:
    """Write one equation, or the objective, of its toy."""
    net, periods, groups = TOYS[name]()
    world = world_of(net, close(net))
    columns = Columns(world, periods, groups=groups)
    if name == "objective":
        problem, variables = formulate(columns, ())
        tariff = np.zeros((len(world.ship0), periods))
        tariff[:, 1] = 0.25
        problem += pulp.LpAffineExpression(
            [(variables[j], float(cost)) for j, cost in enumerate(damage(columns, tariff)) if cost]
        )
        body = f"minimise\n{problem.objective}\n"
    else:
        problem, _ = formulate(columns, [EQUATIONS[name](columns)])
        body = str(problem).partition("SUBJECT TO\n")[2].partition("VARIABLES\n")[0].rstrip() + "\n"
    said = (TOYS[name].__doc__ or "").strip()
    return "\n".join([f"\\ {name}: {said}", "\\", *_legend(world), "", body])


def _legend(world: World) -> list[str]:
    net = world.network
    lines = [
        f"\\ node {n} (balance, stock, discard): {item} in {region}" for n, (item, region) in enumerate(world.nodes)
    ]
    lines += [f"\\ make {p}: {row.recipe}" for p, row in enumerate(net.recipes)]
    lines += [
        f"\\ ship {k}: {row.item} {row.origin} to {row.destination}, {row.lead_months} months under way"
        for k, row in enumerate(net.lanes)
    ]
    lines += [f"\\ unmet, waiting {b}: {row.item} in {row.region}" for b, row in enumerate(net.demand)]
    lines += [
        f"\\ installed, install {e}: {' in '.join(world.nodes[n])}, stands {world.life[e]} months"
        for e, n in enumerate(world.base_node)
    ]
    return lines
