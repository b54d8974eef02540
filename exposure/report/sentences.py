"""One sentence per scenario, composed from its tables: what is hurt, where, from when, worth how much, what fills, what binds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from exposure.calendar import Month
from exposure.model import ItemId, Network, Scenario
from exposure.model.controls import SWITCHES
from exposure.once import once
from exposure.policy import open_share
from exposure.report.focus import OPEN, Gap, Hit, binding, first_hit, gap_behind, hits
from exposure.report.money import usd
from exposure.report.names import Names
from exposure.report.results import NOISE, Results
from exposure.response import Outcome

WORTH_SAYING = 0.05
"""Smallest share of a gap that a sentence mentions."""
SMALL = 0.005
"""Share of the loss below which a cost or a tail is not mentioned."""

SEVERAL = 3.0
"""Value of a unit lost as a multiple of its price from which a word is said."""
APART = {"agree": 2.0, "differ": 10.0}
"""Largest factor between the losses of the levels for which a word is said."""

FILLING = {
    "from_stock": "stock",
    "own_makers": "makers at home",
    "replaced": "substitutes",
    "passed_on": "passing less on",
    "thrown_away": "throwing less away",
}
"""What fills a gap, beside other origins."""

RULES = {
    "ban": "the ban on",
    "licence": "licences on",
    "quota": "the quota on",
    "tariff": "the tariff on",
    "entity": "the entity rule on",
    "end_use": "the end-use rule on",
    "buyer_ban": "the importing side's ban on",
    "revenue_share": "the revenue share on",
    "people": "the cut in",
    "technology": "the hold on technology for",
    "investment": "the hold on investment in",
    "content_rule": "the content rule on",
    "foreign_product": "the foreign-product rule on",
    "reexport": "the re-export rule on",
}

ABOVE = 1.01
"""Planner's loss as a multiple of that of contracts from which a word is said."""

OLD = 12
"""Months in force before a run begins from which what users have learnt since is missed."""

LOOSER = {"quota": 1, "tariff": 2, "revenue_share": 2, "talks": 3, "evasion": 3}
"""Mechanisms that do not stop a flow, from the stricter to the looser."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one scenario: the sentence, the figures in it (USD by response level), and its four parts.

    ``hardest`` names the product and country with the largest loss, ``cost`` is the cost at the headline level (USD).
    ``planner_above``: the planner's damage is above that of voluntary. ``valued``: what is to be said on the value of what is hit
    hardest, where a unit lost counts several times its price. ``old``: controls that were in force for more than a year when the
    run began.
    """

    scenario: str
    title: str
    headline: str
    sentence: str
    loss: dict[str, float]
    first_month: str
    stops: str = ""
    fills: str = ""
    beside: str = ""
    binds: str = ""
    hardest: str = ""
    cost: float = 0.0
    planner_above: bool = False
    valued: str = ""
    old: int = 0

    @property
    def apart(self) -> str:
        """Say how far the losses of the levels lie apart: ``agree`` within a factor of 2, ``differ`` of 10, or ``far apart``."""
        if len(self.loss) < 2:
            return "one level"
        least, most = min(self.loss.values()), max(self.loss.values())
        return next((word for word, factor in APART.items() if most <= factor * least), "far apart")


def planner_above(damage: Mapping[str, float]) -> bool:
    """Return True if the planner, whose damage should be least, ends above voluntary; ``damage``: USD by response level."""
    voluntary = damage.get("voluntary", float("inf"))
    return damage.get("planner", 0.0) > voluntary + 1e-6 * abs(voluntary)


def worst_first(said: Sequence[Answer]) -> list[int]:
    """Return the positions of answers by loss at the headline level, then under contracts, then by cost, largest first."""

    def weight(position: int) -> tuple[float, float, float, int]:
        one = said[position]
        return -one.loss.get(one.headline, 0.0), -one.loss.get("contracts", 0.0), -one.cost, position

    return sorted(range(len(said)), key=weight)


def answers(results: Results) -> list[Answer]:
    """Return the answer of each outcome, in order."""
    return once(results, "answers", lambda: [answer(results, k) for k in range(len(results.outcomes))])


def answer(results: Results, position: int) -> Answer:
    """Compose the answer of one outcome."""
    summary = results.of(position, "summary").set_index("response")
    noise = NOISE * results.stakes[position]
    loss = {str(level): lost if (lost := float(value)) > noise else 0.0 for level, value in summary["loss_usd"].items()}
    headline = results.headline(position)
    scenario = results.outcomes[position].scenario
    found = hits(results, position)
    worst, first = (found[0] if found else None), first_hit(results, position)
    money = {str(key): float(value or 0) for key, value in summary.loc[headline].items() if str(key).endswith("_usd")}
    old = _old(results.outcomes[position])
    stops = _lost(results.names, worst, first, loss, headline, scenario, begun=old > 0)
    fills = _filled(results.outcomes[position].network, results.names, gap_behind(results, position, worst), worst)
    beside, binds = "; ".join(_money_beside(money, noise)), _binds(results, position, worst)
    sentence = "; ".join(part for part in (stops, fills, beside, binds) if part) + "."
    return Answer(
        results.labels[position], scenario.title, headline, sentence, loss, first.month if first else "", stops, fills, beside,
        binds, _hardest(results, position, worst), cost if (cost := money["cost_usd"]) > noise else 0.0,
        planner_above({str(level): float(value) for level, value in summary["damage_usd"].items()}),
        _valued(results.outcomes[position].network, results.names, worst), old,
    )  # fmt: skip


def _old(outcome: Outcome) -> int:
    """Count the controls with rules of their own that were in force for more than a year when the run began."""
    if "first_month" not in outcome.record:
        return 0
    net, begins = outcome.network, Month.parse(str(outcome.record["first_month"]))
    controls = [net.control[control] for control in outcome.scenario.controls if net.rules_of[control]]
    return sum(Month.of(control.effective) + OLD < begins for control in controls)


def _lost(
    names: Names, worst: Hit | None, first: Hit | None, loss: dict[str, float], headline: str, scenario: Scenario, *, begun: bool
) -> str:  # fmt: skip
    """Say how much is lost, what loses first, and what loses most.

    ``begun``: older controls have hurt before the report, so that its first month is no first loss.
    """
    months = scenario.months
    others = {level: usd(loss[level]) for level in ("planner", "contracts") if level in loss and level != headline}
    if "planner" in others and loss["planner"] > ABOVE * loss.get("contracts", float("inf")):
        others["planner"] += " on a belief that did not hold"
    bracket = f" ({', '.join(f'{level} {amount}' for level, amount in others.items())})" if others else ""
    if worst is None or first is None:
        quiet = others and not any(loss[level] for level in others)
        return f"No output is lost over {months} months{' at any level' if quiet else bracket}"
    text = f"{usd(loss[headline])} of output lost over {months} months{bracket}"
    if begun and first.month == str(scenario.start):
        return f"{text}: most {_where(names, worst)} ({usd(worst.usd)}), {_since(worst.month, scenario)}"
    if (first.item, first.country) != (worst.item, worst.country):
        most = f"most {_where(names, worst)} ({usd(worst.usd)}, from {worst.month})"
        return f"{text}: first {_where(names, first)} ({first.month}), {most}"
    if worst.usd > 0.995 * loss[headline]:
        return f"{text}: {_where(names, worst)}, from {worst.month}"
    return f"{text}: first and most {_where(names, worst)} ({usd(worst.usd)}, from {worst.month})"


def _since(month: str, scenario: Scenario) -> str:
    return "from before the report on" if month == str(scenario.start) else f"from {month}"


def _hardest(results: Results, position: int, worst: Hit | None) -> str:
    """Name the product and country hit hardest; where the headline level loses nothing, under contracts."""
    if worst is not None:
        return f"{results.names.item(worst.item)}, {results.names.region(worst.country)}"
    under = hits(results, position, "contracts")
    return (
        f"Contracts only: {results.names.goods(under[0].item)}, {results.names.region(under[0].country)}"
        if under
        else ""
    )


def _valued(net: Network, names: Names, worst: Hit | None) -> str:
    """Say that a unit of what loses most counts several times its price, where it stands for the goods of its users."""
    if worst is None or not (price := net.item[ItemId(worst.item)].price_usd):
        return ""
    values = [row.value_usd for row in net.demand if row.item == worst.item and net.covers(worst.country, row.region)]
    times = max(values, default=0.0) / price
    if times < SEVERAL:
        return ""
    return (
        f"Of {names.goods(worst.item)} each unit lost counts {times:.0f} times its price, for what users make with it"
    )


def _where(names: Names, hit: Hit) -> str:
    return f"{names.goods(hit.item)} in {names.place(hit.country)}"


def _filled(net: Network, names: Names, gap: Gap | None, worst: Hit | None) -> str:
    if gap is None:
        return ""
    words = FILLING | {"other_origins": _origins(names, gap)}
    filling = sorted((term for term in gap.shares if term not in OPEN), key=lambda term: -gap.shares[term])
    named = [f"{words[term]} ({gap.shares[term]:.0%})" for term in filling[:3] if gap.shares[term] >= WORTH_SAYING]
    goods = names.goods(gap.item)
    if worst is None or gap.country != worst.country:
        goods += f" in {names.place(gap.country)}"
    harmless = "" if worst else f", but {_why_harmless(net, gap)}"
    if not named:
        return f"the gap in {goods} is not filled{harmless}"
    text = f"the gap in {goods} is filled by {_listed(named)}"
    return f"{text}, {gap.open:.0%} stays open{harmless}" if gap.open >= WORTH_SAYING else text


def _why_harmless(net: Network, gap: Gap) -> str:
    """Say why a gap that stays open costs no output."""
    if gap.shares.get("unmet", 0.0) > gap.shares.get("users_stopped", 0.0):
        return "waits and is made up for later"
    if net.item[ItemId(gap.item)].life_months is not None:
        return "what stands installed runs on"
    return "makers or stock further down the chain stand in"


def _origins(names: Names, gap: Gap) -> str:
    if not gap.origin:
        return "other origins"
    place = names.place(gap.origin)
    return f"makers in {place}" if gap.origin_share > 0.75 else f"other origins, above all {place}"


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _money_beside(row: dict[str, float], noise: float) -> list[str]:
    least = max(SMALL * row["loss_usd"], noise)
    parts = []
    if row["cost_usd"] > least:
        duties = row.get("of_which_transfers_usd", 0.0)
        mostly = f", {usd(duties)} of it duties" if duties > WORTH_SAYING * row["cost_usd"] else ""
        parts.append(f"at a cost of {usd(row['cost_usd'])}{mostly}")
    if row["loss_in_tail_usd"] > least:
        parts.append(f"a further {usd(row['loss_in_tail_usd'])} is lost in the months after")
    if row["gap_closed_usd"] > least:
        parts.append(f"{usd(row['gap_closed_usd'])} of the baseline gap is closed")
    return parts


def _binds(results: Results, position: int, worst: Hit | None) -> str:
    limit = binding(results, position, worst)
    if limit is None:
        return ""
    names, goods = results.names, results.names.goods(limit["item"])
    origin, destination = limit["origin"], limit["destination"]
    route = f", {names.place(origin) if origin else 'all'} to {names.place(destination) if destination else 'all'}"
    if limit["moved_by"]:
        return f"what binds: {_rule(results.outcomes[position].network, limit)} {goods}{route}"
    if limit["kind"] == "lane_capacity":
        return f"what binds: the most that trade in {goods} can carry{route}"
    return f"what binds: {limit['kind'].replace('_', ' ')} for {goods} in {names.place(destination or origin)}"


def _rule(net: Network, limit: dict[str, str]) -> str:
    """Name the mechanism of the strictest rule that covers a limit: a stop before a cap, a cap before a duty.

    What nobody imposed, since firms did it by themselves, is no rule.
    """
    ids = limit["moved_by"].split(" + ")
    rules = [
        rule
        for rule in net.control_scope
        if rule.control in ids
        and rule.item in ("*", "", limit["item"])
        and rule.mechanism not in SWITCHES
        and _covers(net, rule.origin, limit["origin"])
        and _covers(net, rule.destination, limit["destination"])
    ]
    strictest = min(rules, key=lambda rule: (LOOSER.get(rule.mechanism, 0), open_share(rule)), default=None)
    if strictest is None:
        return "the rule on"
    return RULES.get(strictest.mechanism, "the rule on") if net.control[strictest.control].imposer else "the stop of"


def _covers(net: Network, scope: str, place: str) -> bool:
    """Return True if a scope covers a country, or lies inside it."""
    if place not in net.ancestors:
        return scope == place or scope in ("*", "")
    return net.covers(scope, place) or (scope in net.ancestors and place in net.ancestors[scope])  # type: ignore[arg-type,index]
