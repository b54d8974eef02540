"""Rules for lanes, stocks and demand."""

from __future__ import annotations

from collections.abc import Iterator

from exposure.check.place import error, notice
from exposure.errors import Finding
from exposure.model import Network


def lanes_lead_elsewhere(net: Network) -> Iterator[Finding]:
    """Check that a lane joins two regions."""
    for lane in net.lanes:
        if lane.origin == lane.destination:
            yield error(lane, "destination", "the same region as the origin; a lane joins two regions")


def lanes_carry_their_flow(net: Network) -> Iterator[Finding]:
    """Check that a lane can carry at least its baseline flow."""
    for lane in net.lanes:
        if lane.max_flow is not None and lane.flow0 is not None and lane.max_flow < lane.flow0:
            yield error(lane, "max_flow", f"below flow0 ({lane.flow0:.12g})")


def unstorable_items_keep_nothing(net: Network) -> Iterator[Finding]:
    """Check that services, people and whatever cannot be kept have no stock and no time under way."""
    for stock in net.stocks:
        item = net.item.get(stock.item)
        if item is not None and not item.keeps:
            yield error(stock, "item", f"{item.kind} that cannot be stored holds no stock")
    for lane in net.lanes:
        item = net.item.get(lane.item)
        if item is not None and not item.keeps and lane.lead_months > 0:
            yield error(lane, "lead_months", f"{item.kind} that cannot be stored travels without lead; write 0")


def stocks_have_one_size(net: Network) -> Iterator[Finding]:
    """Check that a stock is given in units or in months of use, not both, not neither."""
    for stock in net.stocks:
        if stock.quantity is not None and stock.cover_months is not None:
            yield error(stock, "cover_months", f"both quantity ({stock.quantity:.12g}) and cover_months; give one")
        if stock.quantity is None and stock.cover_months is None:
            yield error(stock, "quantity", "give quantity or cover_months (a stock that is empty is written 0)")


def reserves_lie_in_the_stock(net: Network) -> Iterator[Finding]:
    """Check that a reserve is part of the stock; what goes beyond is not there to be kept."""
    for stock in net.stocks:
        if stock.quantity is not None and stock.reserve > stock.quantity:
            yield notice(stock, "reserve", f"above the stock ({stock.quantity:.12g}); all of the stock is kept")
        if stock.cover_months == 0 and stock.reserve > 0:
            yield notice(stock, "reserve", "above the stock (0); there is nothing to keep")


def value_added_is_part_of_value(net: Network) -> Iterator[Finding]:
    """Check that value added is at most the whole value."""
    for row in net.demand:
        if row.value_added_usd is not None and row.value_added_usd > row.value_usd:
            yield error(row, "value_added_usd", f"above value_usd ({row.value_usd:.12g}), of which it is a part")


def demand_is_worth_something(net: Network) -> Iterator[Finding]:
    """Check that demand without value is lost without damage."""
    for row in net.demand:
        if row.value_usd == 0:
            yield notice(row, "value_usd", "its loss costs nothing, so nothing will be done for it")
