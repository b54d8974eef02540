"""Who makes less: output that falls although its users lose nothing, which is no loss in the model and may be one to the makers."""

from __future__ import annotations

from exposure.report.focus import hits
from exposure.report.gaps import worth
from exposure.report.money import usd
from exposure.report.results import NOISE, Results

MOST = 2
"""Most makers named."""


def makes_less(results: Results, position: int) -> str:
    """Say which goods are made less of at the headline level, at baseline prices; products that are lost are told elsewhere."""
    made = results.of(position, "production")
    lost = {hit.item for hit in hits(results, position)}
    made = made[(made["response"] == results.headline(position)) & ~made["item"].isin(lost)]
    amounts = made.assign(
        usual=made["baseline"].astype(float), now=made["usual"].astype(float) + made["extra"].astype(float)
    )
    amounts = amounts.assign(less=worth(results, amounts, "usual") - worth(results, amounts, "now"))
    sums = amounts.groupby(["item", "region"], sort=True)[["usual", "now", "less"]].sum()
    worst = (
        sums[sums["less"] > NOISE * results.stakes[position]]
        .sort_values("less", ascending=False, kind="stable")
        .head(MOST)
        .reset_index()
    )
    if worst.empty:
        return ""
    told = [
        f"{results.names.item(row['item'])} in {results.names.place(row['region'])} ({usd(row['less'])} less, "
        f"{1 - row['now'] / row['usual']:.0%} of usual output)"
        for row in worst.to_dict("records")
    ]
    return (
        f"Most: {', then '.join(told)}. Where users live off what they hold or take other goods, nothing is lost to them; "
        "sales that makers lose are not counted"
    )
