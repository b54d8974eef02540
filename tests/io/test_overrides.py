import pytest

from exposure.errors import InputError
from exposure.io import parse_override
from tests.tiny import tiny_network


@pytest.mark.parametrize(
    ("text", "where", "column", "value"),
    [
        ("stocks.ndfeb_hot:US.cover_months=6", {"item": "ndfeb_hot", "region": "US"}, "cover_months", "6"),
        ("stocks.ndfeb_hot:US/lean.reserve=0.5", {"item": "ndfeb_hot", "region": "US/lean"}, "reserve", "0.5"),
        ("stocks.item=ndfeb_hot,region=US.cover_months=6", {"item": "ndfeb_hot", "region": "US"}, "cover_months", "6"),
        ("stocks.region=US.cover_months=", {"region": "US"}, "cover_months", ""),
        ("lanes.*.lead_months=2", {}, "lead_months", "2"),
        ("capacity.plant:2027-01.capacity=90", {"recipe": "plant", "month": "2027-01"}, "capacity", "90"),
        (
            "control_scope.CN-1:ore:CN:*:licence.value=0.6",
            {"control": "CN-1", "item": "ore", "origin": "CN", "destination": "*", "mechanism": "licence"},
            "value",
            "0.6",
        ),
    ],
)  # fmt: skip
def test_forms(text, where, column, value):
    override = parse_override(text)
    assert (override.where, override.column, override.value) == (where, column, value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("stocks", "write table.key.column=value"),
        ("stocks.cover_months=6", "write table.key.column=value"),
        ("stock.a:US.cover_months=6", 'no such table; did you mean "stocks"'),
        ("facts.RE-1.value=6", "no such table"),
        ("stocks.a.cover_months=6", "the key of stocks is item:region"),
        ("stocks.a:US:x.cover_months=6", "the key of stocks is item:region"),
        ("stocks.a:US.cover_month=6", 'did you mean "cover_months"'),
        ("stocks.itm=a.cover_months=6", 'did you mean "item"'),
        ("stocks.item=a,US.cover_months=6", "written name=value"),
    ],
)
def test_faults(text, words):
    with pytest.raises(InputError) as caught:
        parse_override(text)
    assert words in str(caught.value)


def test_override_changes_the_network():
    net = tiny_network(stocks="item,region,cover_months\nore,US,2\nore,JP,3", demand="item,region,value_usd\nore,US,1")
    changed = net.with_values([parse_override("stocks.ore:US.quantity=50")])
    assert [(row.quantity, row.cover_months) for row in changed.stocks] == [(50, None), (None, 3)]
