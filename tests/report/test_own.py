"""What a run says of an analyst's own products and plants, apart from the rest of the world."""

import io

import openpyxl

import exposure as ex
from exposure.report import terminal_summary, workbook_bytes
from exposure.report.own import own_sentences
from exposure.report.results import Results
from exposure.report.sheet import HEADER_ROW
from tests.tiny import tiny_network

CASE = ex.Scenario(name="ban", start="2025-04", months=3, tail=0, controls=["C1"])


def network(replaced=()):
    # 240 t of Chinese ore a year, half of it for the firm's paint in the US, half sold in the US as ore
    return tiny_network(
        items="item,name,kind,unit,price_usd,package\nore,Ore,material,t,10,\npaint,Paint,product,t,50,firm",
        regions="region,name,within\nCN,China,\nUS,United States,\nUS/firm,My firm,US",
        recipes="recipe,item,region,output0,capacity,package\nmine,ore,CN,240,240,\npaint_us,paint,US/firm,120,120,firm",
        bom="recipe,input,quantity,package\npaint_us,ore,1,firm",
        lanes="item,origin,destination,flow0,package\nore,CN,US,120,\nore,CN,US/firm,120,firm",
        stocks="item,region,quantity,package\nore,US/firm,5,firm",
        demand="item,region,quantity,value_usd,package\nore,US,120,1000,firm\npaint,US/firm,120,3000,firm",
        controls="control,title,announced,effective,status\nC1,Ban on ore,2025-04-01,2025-05-01,in_force",
        control_scope="control,item,origin,destination,mechanism\nC1,ore,CN,US,ban",
        name="net + firm",
        extensions=("firm",),
        replaced=replaced,
    )


def told(net, case=CASE):
    return own_sentences(Results((ex.run(net, case, response="contracts"),)), 0)


def test_her_products_and_her_plant_at_its_lowest_month():
    # of 10 t a month May has 5 t from stock, June none: 5 + 10 t of paint at 3,000 USD; her row of ore replaced another's
    assert told(network(replaced=("demand ore:US",))) == {
        "firm": "Paint in My firm: lost from 2025-05 on; contracts USD 45,000; paint_us at its lowest: contracts 0% in 2025-06."
    }


def test_several_products_are_counted():
    # with 10 t of ore a month in May and June, 20 t at 1,000 USD more
    assert told(network())["firm"].startswith(
        "Ore in the United States and 1 more: lost from 2025-05 on; contracts USD 65,000;"
    )


def test_nothing_lost_is_said_too():
    calm = CASE.model_copy(
        update={"controls": (), "set": (ex.Override(table="stocks", item="ore", column="quantity", value=9),)}
    )
    assert told(network(replaced=("demand ore:US",)), calm) == {
        "firm": "Paint in My firm: nothing is lost at any level; its plants run as usual."
    }


def test_a_network_without_extensions_has_no_such_sentence():
    net = network()
    plain = net.model_copy(update={"extensions": ()})
    assert told(plain) == {}


def test_terminal_and_cover_tell_it():
    out = ex.run(network(replaced=("demand ore:US",)), CASE)
    words = "Paint in My firm: lost from 2025-05 on"
    assert f"firm: {words}" in terminal_summary([out])
    cover = openpyxl.load_workbook(io.BytesIO(workbook_bytes([out])))["Cover"]
    rows = {row[0].value: str(row[1].value) for row in cover.iter_rows(min_row=HEADER_ROW + 1)}
    assert rows["Your own: firm"].startswith(words)
