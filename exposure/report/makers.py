"""Who makes less: output that falls although its users lose nothing, which is no loss in the model and may be one to the makers."""

from __future__ import annotations

from exposure.report.money import usd
from exposure.report.results import NOISE, Results

MOST = 2
"""Most makers named."""


def makes_less(results: Results, position: int) -> str:
    """Say which goods are made less of at the headline level, at baseline prices; products that are lost are told elsewhere."""
    level = results.headline(position)
    outcome = results.outcomes[position]
    made = outcome.production[outcome.production["response"] == level]
    loss = outcome.loss[(outcome.loss["response"] == level) & (outcome.loss["loss_usd"].astype(float) > 0)]
    made = made[~made["item"].isin(set(loss["item"]))]
    if made.empty:
        return ""
    price = {str(row.item): float(row.price_usd) for row in outcome.network.items}
    amounts = made.assign(
        usual=made["baseline"].astype(float), now=made["usual"].astype(float) + made["extra"].astype(float)
    )
    sums = amounts.groupby(["item", "region"], sort=True)[["usual", "now"]].sum()
    worth = (sums["usual"] - sums["now"]) * [price[str(item)] for item in sums.index.get_level_values("item")]
    worst = worth[worth > NOISE * results.stakes[position]].sort_values(ascending=False, kind="stable").head(MOST)
    if worst.empty:
        return ""
    told = [
        f"{results.names.item(item)} in {results.names.place(region)} ({usd(float(worth[item, region]))} less, "
        f"{1 - sums['now'][item, region] / sums['usual'][item, region]:.0%} of usual output)"
        for item, region in worst.index
    ]
    return (
        f"Most: {', then '.join(told)}. Where users live off what they hold or take other goods, nothing is lost to them; "
        "sales that makers lose are not counted"
    )
