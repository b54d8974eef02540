from exposure.check import trade
from tests.tiny import tiny_network

SERVICE = "item,name,kind,unit,price_usd,storable\nhelp,Help,service,unit,1,yes\ngas,Gas,material,t,1,no\nore,Ore,material,t,1,"


def told(rule, **tables):
    return [str(finding) for finding in rule(tiny_network(**tables))]


def test_self_lane():
    assert told(trade.lanes_lead_elsewhere, lanes="item,origin,destination\nx,CN,CN\nx,CN,US") == [
        'lanes.csv row 2, destination "CN": the same region as the origin; a lane joins two regions'
    ]


def test_lane_below_its_flow():
    lanes = "item,origin,destination,flow0,max_flow\nx,CN,US,10,9\nx,CN,JP,10,10\nx,CN,EU,10,"
    assert told(trade.lanes_carry_their_flow, lanes=lanes) == ['lanes.csv row 2, max_flow "9": below flow0 (10)']


def test_what_cannot_be_stored():
    found = told(
        trade.unstorable_items_keep_nothing,
        items=SERVICE,
        stocks="item,region,quantity\nhelp,US,1\ngas,US,1\nore,US,1",
        lanes="item,origin,destination,lead_months\nhelp,CN,US,1\ngas,CN,US,0\nore,CN,US,2",
    )
    assert found == [
        'stocks.csv row 2, item "help": service that cannot be stored holds no stock',
        'stocks.csv row 3, item "gas": material that cannot be stored holds no stock',
        'lanes.csv row 2, lead_months "1": service that cannot be stored travels without lead; write 0',
    ]


def test_stock_has_one_size():
    stocks = "item,region,quantity,cover_months\nx,CN,5,2\nx,US,,\nx,JP,0,\nx,EU,,0"
    assert told(trade.stocks_have_one_size, stocks=stocks) == [
        'stocks.csv row 2, cover_months "2": both quantity (5) and cover_months; give one',
        "stocks.csv row 3, quantity: give quantity or cover_months (a stock that is empty is written 0)",
    ]


def test_reserve_over_stock_is_a_notice():
    net = tiny_network(stocks="item,region,quantity,cover_months,reserve\nx,CN,5,,6\nx,US,,0,1\nx,JP,5,,5\nx,EU,,2,9")
    found = list(trade.reserves_lie_in_the_stock(net))
    assert [(finding.severity, finding.row) for finding in found] == [("notice", 2), ("notice", 3)]


def test_value_added_above_value():
    demand = "item,region,value_usd,value_added_usd\nx,CN,10,11\nx,US,10,10\nx,JP,0,"
    assert told(trade.value_added_is_part_of_value, demand=demand) == [
        'demand.csv row 2, value_added_usd "11": above value_usd (10), of which it is a part'
    ]
    assert [finding.row for finding in trade.demand_is_worth_something(tiny_network(demand=demand))] == [4]
