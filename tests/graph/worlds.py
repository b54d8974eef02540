"""Small closed worlds for tests of the graph, as the arguments of `chain_of`: network, output, flow, served."""

from tests.tiny import tiny_network

CAR = {
    "items": """
        item,name,kind,unit,price_usd
        dy,Dysprosium,material,kg,100
        magnet,Magnet,component,unit,50
        car,Car,product,unit,1000
        """,
    "recipes": """
        recipe,item,region,output0,capacity
        dy_cn,dy,CN,8,8
        magnet_cn,magnet,CN,60,90
        magnet_jp,magnet,JP,20,25
        car_us,car,US/lean,40,40
        """,
    "bom": "recipe,input,quantity\nmagnet_cn,dy,0.1\nmagnet_jp,dy,0.1\ncar_us,magnet,2",
    "lanes": """
        item,origin,destination,flow0,max_flow
        magnet,CN,US,60,75
        magnet,JP,US,20,50
        magnet,US,US/lean,80,80
        dy,CN,JP,2,2
        car,US/lean,US,40,40
        """,
    "demand": "item,region,quantity,value_usd\ncar,US,40,1000",
}


def car_world(**changed):
    """A world in which 40 US cars take 80 magnets (60 of CN, 20 of JP) with 0.1 kg of Chinese dysprosium each, 8 kg in all."""
    return closed(tiny_network(**{**CAR, **changed}))


def closed(net):
    """The arguments of `chain_of` for a network whose stated figures close already."""
    return (
        net,
        [row.output0 or 0.0 for row in net.recipes],
        [row.flow0 or 0.0 for row in net.lanes],
        [row.quantity or 0.0 for row in net.demand],
    )


def spare(net):
    """Capacity and room of a network as stated."""
    return {
        "capacity": [row.capacity or row.output0 or 0.0 for row in net.recipes],
        "max_flow": [row.max_flow if row.max_flow is not None else row.flow0 or 0.0 for row in net.lanes],
    }
