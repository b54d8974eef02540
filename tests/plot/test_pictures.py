"""Pictures and cards of a small outcome: what they show is what the tables say, and names cannot break out of them."""

import pytest

import exposure as ex
from tests.report.outcomes import chain_network, real

OUT = real(months=8)


def heights(figure):
    """Return the top of the line of what did not come, by position of month."""
    line = figure.axes[0].lines[0]
    return [round(float(value), 6) for value in line.get_ydata()[1:-1]]


def test_the_gap_drawn_is_the_gap_of_the_table():
    figure = OUT.plot.gap(item="magnet", region="EU", response="contracts")
    rows = OUT.gap.query("response == 'contracts' and item == 'magnet' and region == 'EU/lean'").set_index("month")[
        "cut"
    ]
    months = sorted(OUT.loss["month"].unique())
    assert heights(figure) == [round(float(rows.get(month, 0.0)), 6) for month in months]
    assert max(heights(figure)) > 0


@pytest.mark.parametrize(
    "draw",
    [
        lambda plot: plot.gap(), lambda plot: plot.loss_heatmap("contracts"), lambda plot: plot.timeline(),
        lambda plot: plot.bill_of_materials("car", "EU"), lambda plot: plot.sankey("magnet"), lambda plot: plot.sankey(),
    ],
)  # fmt: skip
def test_each_picture_shows_itself_with_its_source(draw):
    figure = draw(OUT.plot)
    assert figure.png().startswith(b"\x89PNG")
    assert "Source: data package chain, baseline year 2024; scenario april" in figure.alt
    assert "pyplot" not in type(figure).__module__


@pytest.mark.parametrize(
    ("draw", "said"),
    [
        (lambda plot: plot.gap(item="magnt"), 'did you mean "magnet"'),
        (lambda plot: plot.gap(item="magnet", region="EU/leen"), 'did you mean "EU/lean"'),
        (lambda plot: plot.gap(item="magnet", region="CN"), "it was in: EU/lean"),
        (lambda plot: plot.sankey("magnet", month="2031-01"), "it reports 2025-04 to 2025-11"),
        (lambda plot: plot.loss_heatmap("contract"), 'did you mean "contracts"'),
        (lambda plot: plot.bill_of_materials("Combustion cars"), 'did you mean "car"'),
    ],
)
def test_unknown_names_are_refused_with_the_nearest(draw, said):
    with pytest.raises(ex.InputError, match=said):
        draw(OUT.plot)


def test_names_are_escaped_on_cards_and_in_pictures():
    bad = '<script>alert("x")</script> $a'
    net = chain_network(name=bad)
    out = ex.run(net, ex.Scenario(name=bad, title=bad, controls=("B1",), months=4, tail=1))
    cards = out._repr_html_() + net._repr_html_() + out.scenario._repr_html_() + out.plot.timeline()._repr_html_()
    cards += ex.exposure_tables(net, product="car")._repr_html_()
    assert "<script" not in cards
    assert "&lt;script&gt;" in cards


def test_card_holds_the_bracket():
    card = OUT._repr_html_()
    assert all(word in card for word in ("contracts (upper end)", "voluntary (headline)", "planner (least damage)"))
    assert "Network(chain: 3 items" in repr(OUT.network)
