"""Rules for the chain as a whole: loops without time, demand without supply, rows that nothing touches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from exposure.check.place import error, notice
from exposure.errors import Finding
from exposure.model import ItemId, Lane, Network, NodeId, Recipe, RecipeId, RegionId

Edge = tuple[NodeId, str, bool]
"""Where an edge leads, how it is called, and whether it is a recipe."""

Edges = Mapping[NodeId, Iterable[Edge]]


def loops_take_time(net: Network) -> Iterator[Finding]:
    """Check that no loop through a recipe closes within one month; lanes both ways for one item are no loop."""
    edges = _edges_without_time(net)
    component = _components(edges)
    told: set[int] = set()
    for start, outgoing in edges.items():
        for end, name, is_recipe in outgoing:
            mine = component[start]
            if not is_recipe or mine != component[end] or mine in told or start == end:
                continue
            told.add(mine)
            path = _shortest(edges, end, start, {node for node, number in component.items() if number == mine})
            steps = [_node(start), f"[{name}] {_node(end)}", *(f"[{by}] {_node(node)}" for node, by in path)]
            recipe = net.recipe[RecipeId(name)]
            message = (
                f"a loop that closes within one month: {' -> '.join(steps)}; give one of its lanes a lead of a month"
            )
            yield error(recipe, "recipe", message)


def _node(node: NodeId) -> str:
    return f"{node[0]} in {node[1]}"


def _edges_without_time(net: Network) -> dict[NodeId, list[Edge]]:
    edges: dict[NodeId, list[Edge]] = defaultdict(list)
    for lane in net.lanes:
        if lane.lead_months == 0:
            edges[lane.item, lane.origin].append(((lane.item, lane.destination), "lane", False))
    for recipe in net.recipes:
        lines = net.bom_of[recipe.recipe]
        made = [recipe.item, *(line.input for line in lines if line.quantity < 0)]
        for line in lines:
            if line.quantity > 0:
                node = (line.input, recipe.region)
                edges[node] += [((item, recipe.region), str(recipe.recipe), True) for item in made]
    for outgoing in list(edges.values()):
        for node, _, _ in outgoing:
            edges.setdefault(node, [])
    return edges


def _components(edges: Edges) -> dict[NodeId, int]:
    """Return the number of each node's strongly connected component (Tarjan's walk, without recursion)."""
    order: dict[NodeId, int] = {}
    low: dict[NodeId, int] = {}
    component: dict[NodeId, int] = {}
    open_nodes: list[NodeId] = []
    for root in edges:
        if root in order:
            continue
        order[root] = low[root] = len(order)
        open_nodes.append(root)
        walk = [(root, iter(edges[root]))]
        while walk:
            node, outgoing = walk[-1]
            following = next(outgoing, None)
            if following is None:
                walk.pop()
                if walk:
                    low[walk[-1][0]] = min(low[walk[-1][0]], low[node])
                if low[node] == order[node]:
                    _close(node, open_nodes, component)
            elif following[0] not in order:
                end = following[0]
                order[end] = low[end] = len(order)
                open_nodes.append(end)
                walk.append((end, iter(edges[end])))
            elif following[0] not in component:
                low[node] = min(low[node], order[following[0]])
    return component


def _close(node: NodeId, open_nodes: list[NodeId], component: dict[NodeId, int]) -> None:
    number = len(component)
    while True:
        member = open_nodes.pop()
        component[member] = number
        if member == node:
            return


def _shortest(edges: Edges, start: NodeId, end: NodeId, inside: set[NodeId]) -> list[tuple[NodeId, str]]:
    came: dict[NodeId, tuple[NodeId, str]] = {}
    queue = [start]
    for node in queue:
        if node == end:
            break
        for following, name, _ in edges[node]:
            if following in inside and following not in came and following != start:
                came[following] = (node, name)
                queue.append(following)
    path: list[tuple[NodeId, str]] = []
    while end != start:
        before, name = came[end]
        path.append((end, name))
        end = before
    return path[::-1]


def supplied_nodes(net: Network) -> set[NodeId]:
    """Return the nodes that some recipe, lane or stock can supply, with all inputs of the recipe supplied in turn."""
    supplied: set[NodeId] = {(stock.item, stock.region) for stock in net.stocks if stock.quantity or stock.cover_months}
    users: dict[NodeId, list[Recipe]] = defaultdict(list)
    lanes: dict[NodeId, list[Lane]] = defaultdict(list)
    waiting: dict[RecipeId, set[NodeId]] = {}
    grows = {step.recipe for step in net.capacity if step.capacity > 0}
    ready: list[NodeId] = list(supplied)
    for lane in net.lanes:
        if not (lane.max_flow == 0 or (lane.flow0 == 0 and lane.max_flow is None)):
            lanes[lane.item, lane.origin].append(lane)
    for recipe in net.recipes:
        if (recipe.output0 if recipe.capacity is None else recipe.capacity) == 0 and recipe.recipe not in grows:
            continue
        inputs = {(line.input, recipe.region) for line in net.bom_of[recipe.recipe] if line.quantity > 0}
        waiting[recipe.recipe] = inputs
        for node in inputs:
            users[node].append(recipe)
        if not inputs:
            ready += _made(net, recipe)
    supplied = set()
    while ready:
        node = ready.pop()
        if node in supplied:
            continue
        supplied.add(node)
        ready += [(lane.item, lane.destination) for lane in lanes[node]]
        for recipe in users[node]:
            waiting[recipe.recipe].discard(node)
            if not waiting[recipe.recipe]:
                ready += _made(net, recipe)
    return supplied


def _made(net: Network, recipe: Recipe) -> list[NodeId]:
    beside = [line.input for line in net.bom_of[recipe.recipe] if line.quantity < 0]
    return [(item, recipe.region) for item in (recipe.item, *beside)]


def demand_has_a_supply_path(net: Network) -> Iterator[Finding]:
    """Check that some recipe, lane or stock can serve each demand; else it is a gap of the baseline from the start."""
    supplied = supplied_nodes(net)
    for row in net.demand:
        if (row.item, row.region) not in supplied and row.quantity != 0:
            message = f"nothing can supply {row.item} in {row.region}{_why(net, (row.item, row.region), supplied)}"
            yield notice(row, "item", f"{message}; the demand is treated as lost and shown as baseline gap")


def recipes_have_their_inputs(net: Network) -> Iterator[Finding]:
    """Check that some recipe, lane or stock can supply each input where it is used; else the recipe stands still."""
    supplied = supplied_nodes(net)
    for line in net.bom:
        recipe = net.recipe.get(line.recipe)
        if recipe is not None and line.quantity > 0 and (line.input, recipe.region) not in supplied:
            why = _why(net, (line.input, recipe.region), supplied)
            yield notice(
                line, "input", f"nothing can supply it in {recipe.region}{why}, so {line.recipe} makes nothing"
            )


def _why(net: Network, node: NodeId, supplied: set[NodeId]) -> str:
    """Say what a maker of the item in that region lacks, if there is one."""
    item, region = node
    for recipe in net.recipes:
        if recipe.item == item and recipe.region == region:
            lacking = [
                line.input
                for line in net.bom_of[recipe.recipe]
                if line.quantity > 0 and (line.input, region) not in supplied
            ]
            return f" ({recipe.recipe} lacks {', '.join(lacking)})" if lacking else ""
    return ""


def items_are_used(net: Network) -> Iterator[Finding]:
    """Check that each item is made, traded, used or wanted somewhere."""
    used: set[ItemId] = {row.item for table in (net.recipes, net.lanes, net.demand) for row in table}
    used |= {line.input for line in net.bom}
    for item in net.items:
        if item.item not in used:
            yield notice(item, "item", "no recipe, lane or demand uses this item")


def regions_are_used(net: Network) -> Iterator[Finding]:
    """Check that each region makes, trades, holds or wants something, or holds a region that does."""
    used: set[RegionId] = {row.region for table in (net.recipes, net.stocks, net.demand) for row in table}
    used |= {end for lane in net.lanes for end in (lane.origin, lane.destination)}
    inside = {above for region in used for above in net.ancestors.get(region, ())}
    for region in net.regions:
        if region.region not in inside:
            yield notice(region, "region", "no recipe, lane, stock or demand lies in this region")
