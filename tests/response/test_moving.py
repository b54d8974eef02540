"""Which goods an outcome keeps when it is one of many."""

from tests.support import run
from tests.tiny import tiny_network


def test_goods_missed_in_the_first_month_alone_are_kept():
    net = tiny_network(
        items="item,name,kind,unit,price_usd,life_months\nmachine,machine,equipment,unit,1,12",
        recipes="recipe,item,region,output0,capacity\nbuild,machine,CN,60,60\nfab,chip,US,120,120",
        bom="recipe,input,quantity\nfab,machine,0.3333333333333333",
        lanes="item,origin,destination,flow0,max_flow,lead_months\nmachine,CN,US,60,60,1",
        stocks="item,region,cover_months\nmachine,US,6",
        demand="item,region,quantity,value_usd\nchip,US,120,1000",
        controls="control,title,announced,effective,status\nC1,Ban,2025-02-01,2025-02-01,in_force",
        control_scope="control,item,origin,destination,mechanism,value,from,to\nC1,machine,CN,US,ban,,2025-02-01,2025-02-28",
    )
    whole = run(net, start="2025-03", months=3, warm_up=2)
    # what would have left in February is missed in March, and the 60 machines of which 40 are needed bear it: nothing else moves
    assert set(whole.gap["item"]) == {"machine"}
    kept = whole.of_moving_items()
    assert set(kept.gap["item"]) <= set(kept.shipments["item"]) | set(kept.production["item"])
