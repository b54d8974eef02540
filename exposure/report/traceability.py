"""The sheet *Traceability*: from each claim of the founding documents to rows of the model and to the losses of this run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from exposure.model import Addresses, Claim, Demand
from exposure.report.money import usd
from exposure.report.results import NOISE, Results
from exposure.report.sheet import Column, Sheet

Node = tuple[str, str]
"""Item and region of a product that final users want."""


UPPER = "contracts"
"""The response level that is told beside the one that is quoted: the upper end."""


@dataclass(frozen=True)
class Loss:
    """Loss of one product at one response level, traced to some controls, over the reported months (USD)."""

    response: str
    product: Node
    controls: frozenset[str]
    usd: float
    first_month: str


@dataclass(frozen=True)
class Said:
    """What one outcome says of a claim: the loss of its products under its controls (USD)."""

    scenario: str
    response: str
    usd: float
    upper_usd: float
    first_month: str
    worst: Node
    controls: tuple[str, ...]


def traceability_sheet(results: Results, claims: Sequence[Claim]) -> Sheet:
    """Return one row per claim: what a document says, the rows that hold it, and what the model says of it in this run.

    Where a claim names products and controls, the loss of those products that is traced to those controls counts; where it
    names only one of the two, all loss of it. The scenario that loses most is shown.
    """
    columns = [
        Column("Claim", "text", 8),
        Column("Kind", "text", 12),
        Column("What the document says, in our words", "long", 60),
        Column("What the model says in this run", "long", 60),
        Column(f"Largest loss ({results.money.unit})", "money", 14),
        Column("Scenario of that loss", "text", 27),
        Column("First month", "month", 9),
        Column("Rows of the model that hold it", "long", 60),
        Column("Control ids", "long", 32),
        Column("Why no row, or what the document gets wrong", "long", 60),
        Column("Document", "text", 28),
        Column("Paragraph", "count", 10),
    ]
    answers = _Answers(results)
    without = sum(claim.encoded == "no" for claim in claims)
    return Sheet(
        name="Traceability",
        title="Traceability: from the founding documents to the model",
        answers="Which rows of the model hold each claim of the founding documents, and what does this run say of it?",
        columns=columns,
        rows=[_row(results, answers, claim) for claim in claims],
        note=f"{len(claims)} claims; {without} are judgements or events without a row, each with its reason. "
        "exposure explain CLAIM leads on to numbers and facts.",
        frozen=1,
    )


def _row(results: Results, answers: _Answers, claim: Claim) -> tuple[object, ...]:
    said = answers.of(claim)
    most = said[0] if said else None
    money = (most.usd / results.money.factor, most.scenario, most.first_month) if most else (None, "", "")
    rows = [row for row in claim.rows if not row.startswith("controls:")]
    return (
        claim.claim, claim.kind, claim.statement, answers.words(claim, said), *money, "; ".join(rows), "; ".join(claim.controls),
        claim.note, claim.document, claim.paragraph,
    )  # fmt: skip


class _Answers:
    """Losses of every outcome, summed once by product and control."""

    def __init__(self, results: Results) -> None:
        self.results = results
        self.addresses = Addresses(results.networks[0])
        self.run = {str(c) for outcome in results.outcomes for c in outcome.scenario.controls}

    @cached_property
    def losses(self) -> list[list[Loss]]:
        """Per outcome, every loss at the level that is quoted and at the upper one; what is rounding is left out."""
        return [list(self._losses(k)) for k in range(len(self.results.outcomes))]

    def _losses(self, position: int) -> Iterator[Loss]:
        table = self.results.of(position, "why")
        table = table[table["response"].isin([self.results.headline(position), UPPER])]
        table = table.assign(control=table["control"].fillna(""), loss_usd=table["loss_usd"].astype(float))
        groups = table.groupby(["response", "item", "region", "control"], sort=True)
        sums = groups.agg(lost=("loss_usd", "sum"), first=("month", "min")).reset_index()
        for row in sums.to_dict("records"):
            if row["lost"] > NOISE * self.results.stakes[position]:
                controls = frozenset(part for part in str(row["control"]).split(" + ") if part)
                product = (str(row["item"]), str(row["region"]))
                yield Loss(str(row["response"]), product, controls, float(row["lost"]), str(row["first"]))

    def products(self, claim: Claim) -> set[Node]:
        """Products that final users want among the rows of a claim."""
        found = (row for address in claim.rows for row in self.addresses.rows(address))
        return {(str(row.item), str(row.region)) for row in found if isinstance(row, Demand)}

    def of(self, claim: Claim) -> list[Said]:
        """Return what each outcome that loses something says of a claim, the largest loss first."""
        products, controls = self.products(claim), {str(control) for control in claim.controls}
        if not products and not controls:
            return []
        said = [one for k in range(len(self.losses)) if (one := self._said(k, products, controls))]
        return sorted(said, key=lambda one: (-one.usd, -one.upper_usd))

    def _said(self, position: int, products: set[Node], controls: set[str]) -> Said | None:
        found = [
            loss
            for loss in self.losses[position]
            if (not products or loss.product in products) and (not controls or controls & loss.controls)
        ]
        if not found:
            return None
        quoted = self.results.headline(position)
        mine = [loss for loss in found if loss.response == quoted]
        upper = sum(loss.usd for loss in found if loss.response == UPPER)
        lost: dict[Node, float] = defaultdict(float)
        for loss in mine or found:
            lost[loss.product] += loss.usd
        return Said(
            self.results.labels[position], quoted, sum(loss.usd for loss in mine), upper,
            min(loss.first_month for loss in mine or found), max(lost, key=lambda node: lost[node]),
            tuple(sorted({name for loss in found for name in loss.controls} & controls)),
        )  # fmt: skip

    def words(self, claim: Claim, said: Sequence[Said]) -> str:
        """Return what the model says of a claim in one sentence."""
        if claim.encoded == "no":
            return "Not in the model."
        if not said:
            if not claim.controls and not self.products(claim):
                return "Part of the undisturbed world; names no control and no product of final users."
            if self.run.intersection(claim.controls):
                return "Its controls are in this run, without a loss."
            return "Its controls are not in this run." if claim.controls else "No loss of it in this run."
        most = said[0]
        under = f"Under {', '.join(most.controls[:3])}: " if most.controls else ""
        place = f"{self.results.names.goods(most.worst[0])} in {self.results.names.place(most.worst[1])}"
        more = len(said) - 1
        others = f"; also in {more} other scenario{'s' if more > 1 else ''}" if more else ""
        if not most.usd:
            return f"{under}no loss ({most.response}); {UPPER} lose {usd(most.upper_usd)}, most of it {place}{others}."
        bracket = f"{most.response}; {UPPER} {usd(most.upper_usd)}" if most.response != UPPER else most.response
        return f"{under}{usd(most.usd)} lost from {most.first_month} ({bracket}), most of it {place}{others}."
