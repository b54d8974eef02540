"""Content of covered inputs: which share of a product's value is covered goods of one origin, looking through every tier.

The arithmetic is exact (`fractions.Fraction` of the decimals that stand in the files), so that a threshold such as 0.1 % is
met or missed at the edge by the figures alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Literal

import networkx as nx

from exposure.errors import InputError, nearest
from exposure.graph.exact import add, exact, solve
from exposure.graph.makers import Amounts, Maker, Makers, made_by
from exposure.model import ItemId, Network, NodeId, Recipe, RecipeId, RegionId


@dataclass(frozen=True, slots=True)
class ContentShare:
    """Covered value in a product, as shares of the product's value (exact).

    ``by_tier[k]`` is what is met k steps up the bill of materials (0: the product itself is covered); ``share`` is their sum,
    with suppliers mixed as in the baseline. ``least`` and ``most`` are the shares of a unit all of whose makers, at every tier,
    are those of the baseline's suppliers that give the smallest and the largest share: a threshold above ``most`` is met by no
    unit, one that is at most ``least`` by every unit.
    """

    item: ItemId
    region: RegionId
    by_tier: tuple[Fraction, ...]
    least: Fraction
    most: Fraction

    @property
    def share(self) -> Fraction:
        """Covered value over the product's value, at the baseline's mix of suppliers."""
        return sum(self.by_tier, Fraction(0))

    def reaches(self, threshold: Fraction | str, *, edge: Literal["at_or_above", "above"] = "at_or_above") -> bool:
        """Tell whether the mixed share meets a threshold, given as a fraction or as text (``"0.001"``)."""
        limit = Fraction(threshold)
        return self.share >= limit if edge == "at_or_above" else self.share > limit


def content_share(
    net: Network,
    output: Amounts,
    flow: Amounts,
    *,
    item: str,
    region: str,
    covered: Collection[str],
    origin: str,
    value_usd: Fraction | str | None = None,
) -> ContentShare:
    """Return the share of value that covered inputs of an origin have in a product, look-through, exact.

    covered value per unit = sum over inputs of quantity x (price, if the input is covered and was made in the origin; else the
    covered value in that input), with the makers of each input weighted by the baseline. A covered input is counted once, at
    the price of the first covered good met on the way up; what is inside it is not counted again.

    Parameters
    ----------
    net
        The network; prices (USD/unit) and quantities (unit/unit) are taken as the decimals of its files.
    output, flow
        Closed baseline, unit/yr, in the order of ``net.recipes`` and ``net.lanes`` (``Baseline.output``, ``Baseline.flow``).
    item, region
        The product, where it stands (its makers are found by look-through over the lanes).
    covered
        Items that the rule covers.
    origin
        Where covered inputs come from, as a rule writes it: ``CN``, ``!US``, ``*``. An item's origin is the region of the
        recipe that made it, not the country that shipped it last.
    value_usd
        Value of a unit of the product; the item's price if not given.

    Returns
    -------
    ContentShare
        Shares as fractions, by tier and in all, and their extremes over single suppliers.

    Raises
    ------
    InputError
        If an id is unknown, the product has no value, or no baseline flow reaches it or one of its inputs.

    Notes
    -----
    Installed items (equipment) are not content. A joint recipe's inputs are shared among its outputs by their value at prices
    (all to the main output where every price is 0). Pools are even: what leaves a node has the mix of what came into it.
    Amounts below a billionth of the item's largest are rounding of the baseline and count as none. A share is exact for the
    mix it is given: where the mix decides, ``least`` and ``most`` do not depend on it.
    """
    return Contents(net, output, flow, covered=covered, origin=origin).share(item, region, value_usd=value_usd)


class Contents:
    """Covered value of every product for one set of covered inputs and one origin; computed when asked for, kept after.

    Takes what `content_share` takes; use it for more than one product.
    """

    def __init__(self, net: Network, output: Amounts, flow: Amounts, *, covered: Collection[str], origin: str) -> None:
        self.net = net
        self.covered = frozenset(_known_items(net, covered))
        self.origin = _known_scope(net, origin)
        self._makers = Makers(net, output, flow)

    def share(self, item: str, region: str, *, value_usd: Fraction | str | None = None) -> ContentShare:
        """Return the covered shares of an item in a region; see `content_share`."""
        (known,) = _known_items(self.net, [item])
        _known_scope(self.net, region)
        node = (known, RegionId(region))
        return self._shares(node, self._makers.at(node), value_usd)

    def share_of_recipe(self, recipe: str, *, value_usd: Fraction | str | None = None) -> ContentShare:
        """Return the covered shares of what one recipe makes, whether or not it runs in the baseline."""
        if RecipeId(recipe) not in self.net.recipe:
            message = f'no recipe "{recipe}"{nearest(recipe, self.net.recipe)}'
            raise InputError(message)
        row = self.net.recipe[RecipeId(recipe)]
        return self._shares((row.item, row.region), {(row.recipe, row.item): Fraction(1)}, value_usd)

    def _shares(self, node: NodeId, makers: dict[Maker, Fraction], value_usd: Fraction | str | None) -> ContentShare:
        value = exact(self.net.item[node[0]].price_usd) if value_usd is None else Fraction(value_usd)
        if value <= 0:
            message = f"{node[0]}: a share needs a product of some value; its price is {value}"
            raise InputError(message)
        tiers = self._tiers(makers)
        values = self._values(makers)
        extremes = [self._extremes[maker] for maker in values]
        return ContentShare(
            node[0], node[1],
            by_tier=tuple(tier / value for tier in tiers),
            least=min(low for low, _ in extremes) / value,
            most=max(high for _, high in extremes) / value,
        )  # fmt: skip

    def _tiers(self, makers: dict[Maker, Fraction]) -> list[Fraction]:
        """Walk up tier by tier; what loops return after as many tiers as there are items is put on the last one."""
        tiers: list[Fraction] = []
        here = dict(makers)
        while here and len(tiers) < len(self.net.items):
            tiers.append(sum((w * self._price(m) for m, w in here.items() if self._is_covered(m)), Fraction(0)))
            above: dict[Maker, Fraction] = {}
            for maker, weight in here.items():
                add(above, self._inputs(maker), weight)
            here = above
        if here:
            values = self._values(here)
            tiers[-1] += sum((weight * values[maker] for maker, weight in here.items()), Fraction(0))
        while len(tiers) > 1 and not tiers[-1]:
            tiers.pop()
        return tiers

    def _values(self, makers: Collection[Maker]) -> dict[Maker, Fraction]:
        """USD of covered inputs in a unit of each maker's output, mixed as in the baseline."""
        for maker in makers:
            if maker not in self._value:
                self._find(maker)
        return {maker: self._value[maker] for maker in makers}

    def _find(self, start: Maker) -> None:
        rows = self._rows_above(start)
        constants = {m: {"": self._price(m) if self._is_covered(m) else Fraction(0)} for m in rows}
        self._value.update({m: x[""] for m, x in solve(rows, constants).items()})
        self._find_extremes(rows)

    def _rows_above(self, start: Maker) -> dict[Maker, dict[Maker, Fraction]]:
        rows: dict[Maker, dict[Maker, Fraction]] = {}
        waiting = [start]
        while waiting:
            maker = waiting.pop()
            if maker not in rows:
                rows[maker] = self._inputs(maker)
                waiting.extend(rows[maker])
        return rows

    def _find_extremes(self, rows: dict[Maker, dict[Maker, Fraction]]) -> None:
        """Least and most covered USD per unit by choice of supplier; inside a loop of recipes the mix is kept."""
        graph = nx.DiGraph()
        graph.add_nodes_from(rows)
        graph.add_edges_from((m, above) for m, row in rows.items() for above in row)
        for group in nx.strongly_connected_components(graph):
            loops = len(group) > 1 or any(m in rows[m] for m in group)
            for maker in group:
                if maker in self._extremes:
                    continue
                if self._is_covered(maker):
                    self._extremes[maker] = (self._price(maker), self._price(maker))
                elif loops:
                    self._extremes[maker] = (self._value[maker], self._value[maker])
                else:
                    self._extremes[maker] = self._extreme(maker)

    def _extreme(self, maker: Maker) -> tuple[Fraction, Fraction]:
        low = high = Fraction(0)
        for node, quantity in self._bill(maker).items():
            ends = [self._extremes[above] for above in self._makers.at(node)]
            low += quantity * min(end[0] for end in ends)
            high += quantity * max(end[1] for end in ends)
        return low, high

    def _inputs(self, maker: Maker) -> dict[Maker, Fraction]:
        """Units of each maker's output in a unit of this one's; nothing is looked for inside what is covered itself."""
        above: dict[Maker, Fraction] = {}
        if not self._is_covered(maker):
            for node, quantity in self._bill(maker).items():
                add(above, self._makers.at(node), quantity)
        return above

    def _bill(self, maker: Maker) -> dict[NodeId, Fraction]:
        """Units of each input per unit of one output of a recipe, inputs shared by value among joint outputs."""
        recipe = self.net.recipe[maker[0]]
        run = self._run(recipe, maker[1])
        bill: dict[NodeId, Fraction] = defaultdict(Fraction)
        for line in self.net.bom_of[recipe.recipe]:
            if line.quantity > 0 and self.net.item[line.input].life_months is None and run:
                bill[line.input, recipe.region] += run * exact(line.quantity)
        return bill

    def _run(self, recipe: Recipe, output: ItemId) -> Fraction:
        """How much of a recipe's run a unit of one of its outputs answers for."""
        made = made_by(self.net, recipe)
        total = sum((units * exact(self.net.item[item].price_usd) for item, units in made.items()), Fraction(0))
        if not total:
            return Fraction(int(output == recipe.item))
        return exact(self.net.item[output].price_usd) / total

    def _price(self, maker: Maker) -> Fraction:
        return exact(self.net.item[maker[1]].price_usd)

    def _is_covered(self, maker: Maker) -> bool:
        return maker[1] in self.covered and self.net.covers(self.origin, self.net.recipe[maker[0]].region)

    @cached_property
    def _value(self) -> dict[Maker, Fraction]:
        return {}

    @cached_property
    def _extremes(self) -> dict[Maker, tuple[Fraction, Fraction]]:
        return {}


def _known_items(net: Network, items: Collection[str]) -> list[ItemId]:
    unknown = [item for item in items if ItemId(item) not in net.item]
    if unknown:
        raise InputError("; ".join(f'no item "{item}"{nearest(item, net.item)}' for item in unknown))
    return [ItemId(item) for item in items]


def _known_scope(net: Network, scope: str) -> str:
    region = scope.removeprefix("!")
    if region not in ("*", "") and RegionId(region) not in net.region:
        message = f'no region "{region}"{nearest(region, net.region)}'
        raise InputError(message)
    return scope
