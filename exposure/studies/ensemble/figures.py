"""The figures that an ensemble draws: those with a range that bear on the scenario, and which of them move together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from exposure.check import main_number
from exposure.errors import Finding, InputError
from exposure.io import parse_override
from exposure.model import TABLES, Evidence, Network, Override, Record, Rule, Scenario, address_of
from exposure.model.controls import RATES, SWITCHES
from exposure.policy import covered_lanes, news
from exposure.response.draw import Change, enters_baseline
from exposure.response.run import horizon

FORM = "write table.key.column=low:high, such as recipes.car_motor_set_us_auto_lean_light.start_months=6:18"


@dataclass(frozen=True)
class Figure:
    """A number of the data with its range; figures of one ``group`` move together."""

    address: str
    table: str
    row: int
    column: str
    low: float
    likely: float
    high: float
    group: str
    source: str

    def at(self, value: float) -> Change:
        """Return the change that gives the figure a value."""
        return Change(self.table, self.row, self.column, value)


def figures_of(
    net: Network, scenario: Scenario, *, coefficients: bool = False, flows: bool = False, ranges: Iterable[str] = ()
) -> tuple[Figure, ...]:
    """Return the figures to draw, in the order of tables and rows.

    A row's range is that of its main number. Drawn are, of the items that the scenario touches (all that is made of a scoped
    item at any depth, and all that goes into these), severity, stocks, room to grow, and prices where a duty is paid on them.

    Parameters
    ----------
    net, scenario
        The network as read; what the scenario sets is fixed.
    coefficients
        Draw quantities of bills of materials too: each draw then closes the baseline anew.
    flows
        Draw outputs, flows and demand of the baseline too: the same.
    ranges
        Ranges of further figures as ``table.key.column=low:high``; they go before those of the data.

    Raises
    ------
    InputError
        If a range is malformed or names what the network does not have; all at once.
    """
    laid = net.with_values(scenario.set)
    given = _given(laid, ranges)
    known = {(f.table, f.row, f.column) for f in given}
    found = [
        figure
        for figure in _stated(net, laid, scenario, coefficients=coefficients, flows=flows)
        if (figure.table, figure.row, figure.column) not in known
    ]
    order = {table: k for k, table in enumerate(TABLES)}
    every = sorted([*given, *found], key=lambda f: (order[f.table], f.row, f.column))
    return tuple(_named_apart(every))


def _stated(net: Network, laid: Network, scenario: Scenario, *, coefficients: bool, flows: bool) -> Iterator[Figure]:
    items, priced = touched_items(laid, scenario), _taxed_items(laid, scenario)
    for table in TABLES:
        for row, record in enumerate(getattr(laid, table)):
            stated = main_number(record)
            if (
                stated is None
                or not isinstance(record, Evidence)
                or not _matters(laid, scenario, record, items, priced)
            ):
                continue
            column, likely = stated
            before = main_number(getattr(net, table)[row])
            low = likely if record.low is None else record.low
            high = likely if record.high is None else record.high
            if before != stated or not low <= likely <= high or low == high:
                continue
            closing = enters_baseline(laid, scenario, table, record, column)
            if closing and not (coefficients if table == "bom" else flows and not isinstance(record, Rule)):
                continue
            address = f"{address_of(table, record)}.{column}"
            group = _group(table, column, record, address)
            yield Figure(address, table, row, column, low, likely, high, group, record.source)


def touched_items(net: Network, scenario: Scenario) -> frozenset[str]:
    """Return the items that a scenario bears on: made or used by a recipe that hears of it, or on a lane under a rule."""
    heard = news(net, scenario, horizon(net, scenario).calendar)
    items = {str(net.recipe[recipe].item) for recipe in heard}
    items |= {str(line.input) for recipe in heard for line in net.bom_of[recipe]}
    return frozenset(
        items | {str(net.lanes[lane].item) for rule in _rules(net, scenario) for lane in covered_lanes(net, rule)}
    )


def _rules(net: Network, scenario: Scenario) -> list[Rule]:
    return [rule for control in scenario.controls for rule in net.rules_of[control]]


def _taxed_items(net: Network, scenario: Scenario) -> frozenset[str]:
    taxing = [rule for rule in _rules(net, scenario) if rule.mechanism in RATES]
    return frozenset(str(net.lanes[lane].item) for rule in taxing for lane in covered_lanes(net, rule))


def _matters(net: Network, scenario: Scenario, record: Record, items: frozenset[str], priced: frozenset[str]) -> bool:
    if isinstance(record, Rule):
        return record.control in scenario.controls and record.mechanism not in SWITCHES
    table = next(name for name, kind in TABLES.items() if type(record) is kind)
    if table == "items":
        return str(getattr(record, "item", "")) in priced
    recipe = getattr(record, "recipe", None)
    if recipe is not None:
        return str(net.recipe[recipe].item) in items
    return str(getattr(record, "item", "")) in items


def _group(table: str, column: str, record: Evidence, address: str) -> str:
    """Return what figures that move together share: the facts behind them or, without facts, the one judgement of a control."""
    if record.fact_ids:
        return f"{table}.{column} from {', '.join(sorted(set(record.fact_ids)))}"
    if isinstance(record, Rule):
        spread = f"{record.low:g} to {record.high:g}" if record.low is not None and record.high is not None else ""
        since = f" from {record.from_}" if record.from_ else ""
        return f"{record.control} {record.mechanism} {record.value}{since}, estimated {spread}".strip()
    return address


def _given(net: Network, ranges: Iterable[str]) -> list[Figure]:
    """Read further ranges; each group of rows that one text names moves together."""
    found: list[Figure] = []
    findings: list[Finding] = []
    for text in ranges:
        try:
            found += _one_range(net, text)
        except InputError as error:
            findings += [replace(finding, file="--range") for finding in error.findings]
    if findings:
        raise InputError(findings)
    return found


def _one_range(net: Network, text: str) -> Iterator[Figure]:
    override = parse_override(text)
    low, colon, high = str(override.value).partition(":")
    if not colon:
        raise InputError(Finding(FORM, value=text))
    # laying both ends over the network checks the table, the rows, the column and what the column takes
    ends = [net.with_values([_valued(override, end.strip())]) for end in (low, high)]
    was, at_low, at_high = (getattr(one, override.table) for one in (net, *ends))
    field = {f.alias or name: name for name, f in TABLES[override.table].model_fields.items()}[override.column]
    rows = [row for row, record in enumerate(was) if at_low[row] is not record or at_high[row] is not record]
    for row in rows:
        values = [_number(getattr(table[row], field), text) for table in (at_low, at_high)]
        stated = getattr(was[row], field)
        likely = _number(stated, text) if stated not in (None, "") else sum(values) / 2
        if not values[0] <= likely <= values[1]:
            message = f"the figure itself, {likely:g}, does not lie between {values[0]:g} and {values[1]:g}"
            raise InputError(Finding(message, value=text))
        address = f"{address_of(override.table, was[row])}.{override.column}"
        group = address if len(rows) == 1 else text
        yield Figure(address, override.table, row, field, values[0], likely, values[1], group, "given")


def _valued(override: Override, value: str) -> Override:
    return override.model_copy(update={"value": value})


def _number(value: object, text: str) -> float:
    try:
        return float(str(value))
    except ValueError:
        raise InputError(Finding(f"not a number in {text}; {FORM}", value=str(value))) from None


def _named_apart(figures: Sequence[Figure]) -> Iterator[Figure]:
    """Number addresses that several rows share (rules of one control and day that differ in no key field)."""
    count = Counter(figure.address for figure in figures)
    seen: Counter[str] = Counter()
    for figure in figures:
        seen[figure.address] += 1
        several = count[figure.address] > 1
        alone = several and figure.group == figure.address
        address = f"{figure.address} #{seen[figure.address]}" if several else figure.address
        yield replace(figure, address=address, group=address if alone else figure.group)
