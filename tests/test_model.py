from tests.tiny import tiny_network


def test_tiny_network():
    net = tiny_network(
        recipes="recipe,item,region,output0,capacity\nmine_cn,ore,CN,120,120",
        lanes="item,origin,destination,flow0\nore,CN,US/auto,120",
        demand="item,region,quantity,value_usd\nore,US/auto,120,1000",
        controls="control,title,announced,effective,status\nC1,Ban,2025-04-01,2025-04-01,in_force",
        control_scope="control,item,origin,destination,mechanism,value\nC1,ore,CN,!JP,ban,",
    )
    assert [row.region for row in net.regions] == ["CN", "US", "US/auto", "JP"]
    assert net.region["US/auto"].within == "US"
    assert net.item["ore"].price_usd == 1
