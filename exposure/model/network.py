"""The network: every table of a data package together, frozen, with the look-ups that everybody needs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from exposure.errors import Finding, InputError, nearest
from exposure.model.controls import SWITCHES, Control, Rule
from exposure.model.evidence import Fact
from exposure.model.faults import fault_message
from exposure.model.goods import BomLine, CapacityStep, Item, Recipe
from exposure.model.places import Region
from exposure.model.record import PLACE, ControlId, FactId, ItemId, RecipeId, Record, RegionId
from exposure.model.scenario import Override
from exposure.model.trade import Demand, Lane, Stock
from exposure.once import KEPT, once

TABLES: Mapping[str, type[Record]] = {
    "regions": Region,
    "items": Item,
    "recipes": Recipe,
    "bom": BomLine,
    "capacity": CapacityStep,
    "lanes": Lane,
    "stocks": Stock,
    "demand": Demand,
    "controls": Control,
    "control_scope": Rule,
    "facts": Fact,
}
"""Table name (file name without ``.csv``) and the record of its rows, in the order in which they are read."""

KEYS: Mapping[str, tuple[str, ...]] = {
    "regions": ("region",),
    "items": ("item",),
    "recipes": ("recipe",),
    "bom": ("recipe", "input"),
    "capacity": ("recipe", "month"),
    "lanes": ("item", "origin", "destination"),
    "stocks": ("item", "region"),
    "demand": ("item", "region"),
    "controls": ("control",),
    "control_scope": ("control", "item", "origin", "destination", "mechanism", "from"),
    "facts": ("fact",),
}
"""Fields that name one row of each table."""


def row_key(table: str, row: Record) -> tuple[object, ...]:
    """Return what names one row of a table: its key fields and, for a rule that switches a control, which one."""
    key = tuple(getattr(row, "from_" if name == "from" else name) for name in KEYS[table])
    return (*key, row.value) if isinstance(row, Rule) and row.mechanism in SWITCHES else key


def key_text(table: str, row: Record) -> str:
    """Return the key of a row as one text: ``ndfeb_hot:CN:EU``."""
    return ":".join("" if part is None else str(part) for part in row_key(table, row))


NEEDED = ("regions", "items", "recipes", "lanes", "demand")
"""Tables without which a folder is no data package."""


class Network(BaseModel):
    """A frozen data package: who makes what from what, where it goes, who holds and wants it, which rules exist."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(default="network", description="name of the data package")
    baseline_year: str = Field(default="", description="year that the undisturbed world describes")
    regions: tuple[Region, ...]
    items: tuple[Item, ...]
    recipes: tuple[Recipe, ...]
    bom: tuple[BomLine, ...] = ()
    capacity: tuple[CapacityStep, ...] = ()
    lanes: tuple[Lane, ...]
    stocks: tuple[Stock, ...] = ()
    demand: tuple[Demand, ...]
    controls: tuple[Control, ...] = ()
    control_scope: tuple[Rule, ...] = ()
    facts: tuple[Fact, ...] = ()
    hashes: dict[str, str] = Field(default_factory=dict, description="sha256 of each file as read")
    modified: tuple[str, ...] = Field(default=(), description="files whose content is not what their manifest says")
    built_in: bool = Field(
        default=False, description="True for the package that the tool ships, also with extensions over it"
    )
    extensions: tuple[str, ...] = Field(default=(), description="names of the packages whose rows were laid over it")
    replaced: tuple[str, ...] = Field(
        default=(), description="rows of extensions that took another's place: table and key"
    )
    variant_of: dict[ItemId, ItemId] = Field(
        default_factory=dict,
        description="real item of each variant, where the programme tells caught goods from clean ones",
    )
    serving: frozenset[RecipeId] = Field(
        default=frozenset(), description="recipes that make nothing but say what a variant may serve as"
    )
    caught: dict[int, tuple[int, ...]] = Field(
        default_factory=dict, description="lanes (positions) on which each content rule (position) catches goods"
    )

    @cached_property
    def region(self) -> dict[RegionId, Region]:
        """Regions by id."""
        return {row.region: row for row in self.regions}

    @cached_property
    def item(self) -> dict[ItemId, Item]:
        """Items by id."""
        return {row.item: row for row in self.items}

    @cached_property
    def recipe(self) -> dict[RecipeId, Recipe]:
        """Recipes by id."""
        return {row.recipe: row for row in self.recipes}

    @cached_property
    def control(self) -> dict[ControlId, Control]:
        """Controls by id."""
        return {row.control: row for row in self.controls}

    @cached_property
    def fact(self) -> dict[FactId, Fact]:
        """Facts by id."""
        return {row.fact: row for row in self.facts}

    @cached_property
    def bom_of(self) -> dict[RecipeId, tuple[BomLine, ...]]:
        """Bill of materials of each recipe (empty for a mine)."""
        lines: dict[RecipeId, list[BomLine]] = defaultdict(list)
        for line in self.bom:
            lines[line.recipe].append(line)
        return {row.recipe: tuple(lines[row.recipe]) for row in self.recipes}

    @cached_property
    def makers_of(self) -> dict[ItemId, tuple[Recipe, ...]]:
        """Recipes of each item that any recipe makes, in file order."""
        makers: dict[ItemId, list[Recipe]] = defaultdict(list)
        for row in self.recipes:
            makers[row.item].append(row)
        return {item: tuple(rows) for item, rows in makers.items()}

    @cached_property
    def rules_of(self) -> dict[ControlId, tuple[Rule, ...]]:
        """Rules of each control, in file order."""
        rules: dict[ControlId, list[Rule]] = {row.control: [] for row in self.controls}
        for rule in self.control_scope:
            rules.setdefault(rule.control, []).append(rule)
        return {control: tuple(rows) for control, rows in rules.items()}

    @cached_property
    def ancestors(self) -> dict[RegionId, tuple[RegionId, ...]]:
        """Each region with all that it lies within, itself first, its country last."""
        chains: dict[RegionId, tuple[RegionId, ...]] = {}
        for row in self.regions:
            chain = [row.region]
            while (parent := self._parent(chain[-1])) and parent not in chain:
                chain.append(parent)
            chains[row.region] = tuple(chain)
        return chains

    def _parent(self, region: RegionId) -> RegionId:
        return self.region[region].within if region in self.region else RegionId("")

    def real_item(self, item: ItemId) -> ItemId:
        """Return the item that a variant is one of; an item of the data is its own."""
        return self.variant_of.get(item, item)

    def item_name(self, item: str) -> str:
        """Return the name of an item in reports, or its id where it has no row."""
        return self.item[ItemId(item)].name if item in self.item else item

    def region_name(self, region: str) -> str:
        """Return the name of a region in reports, or its id where it has no row."""
        return self.region[RegionId(region)].name if region in self.region else region

    def country(self, region: RegionId) -> RegionId:
        """Return the country or bloc that a region lies in (itself, if it lies in none)."""
        return self.ancestors[region][-1]

    def affiliates(self, owner: RegionId, least: float) -> tuple[RegionId, ...]:
        """Return the regions that a listed one owns at or above a share, directly or through those it so owns."""
        found: dict[RegionId, None] = {}
        waiting = [owner]
        while waiting:
            holder = waiting.pop()
            for row in self.regions:
                if row.owner == holder and (row.owner_share or 0.0) >= least and row.region not in {*found, owner}:
                    found[row.region] = None
                    waiting.append(row.region)
        return tuple(found)

    def covers(self, scope: str, region: RegionId) -> bool:
        """Return True if a scope (``*``, ``CN``, ``!CN``) covers a region, everything within a region included."""
        if scope in ("*", ""):
            return True
        if scope.startswith("!"):
            return RegionId(scope[1:]) not in self.ancestors[region]
        return RegionId(scope) in self.ancestors[region]

    def __repr__(self) -> str:
        counts = ", ".join(f"{len(getattr(self, name))} {name}" for name in ("items", "regions", "lanes", "controls"))
        return f"Network({self.name}: {counts})"

    __str__ = __repr__

    def _repr_html_(self) -> str:
        from exposure.plot.cards import network_card  # looked up when a notebook shows it

        return network_card(self)

    def with_values(self, overrides: Iterable[Override]) -> Network:
        """Return a network in which the given cells hold other values.

        Raises
        ------
        InputError
            If a table, column, key or value does not exist; all faults at once, each with the nearest valid name.
        """
        overrides = tuple(overrides)
        if not overrides:
            return self
        findings: list[Finding] = []
        tables: dict[str, tuple[Record, ...]] = {}
        for override in overrides:
            if override.table not in TABLES or override.table == "facts":
                findings.append(_fault(override, f"no such table{nearest(override.table, TABLES)}"))
                continue
            rows = tables.get(override.table, getattr(self, override.table))
            try:
                tables[override.table] = _replaced(rows, TABLES[override.table], override)
            except InputError as error:
                findings.extend(error.findings)
        if findings:
            raise InputError(findings)
        fields = {name: getattr(self, name) for name in type(self).model_fields}
        changed = type(self).model_construct(**{**fields, **tables})
        once(changed, "stated", lambda: self.stated)
        return changed

    @property
    def stated(self) -> Network:
        """The network as its files state it, before the changed figures of a scenario."""
        kept: Mapping[str, Network] = self.__dict__.get(KEPT, {})
        return kept.get("stated", self)


def _fault(override: Override, message: str) -> Finding:
    return Finding(message, file="set", field=str(override), severity="error")


def _replaced(rows: tuple[Record, ...], record: type[Record], override: Override) -> tuple[Record, ...]:
    columns = {field.alias or name: name for name, field in record.model_fields.items() if name not in PLACE}
    for column in (override.column, *override.where):
        if column not in columns:
            raise InputError(_fault(override, f'no column "{column}" in {override.table}{nearest(column, columns)}'))
    wanted = {columns[name]: value for name, value in override.where.items()}
    chosen = [i for i, row in enumerate(rows) if all(_text(getattr(row, n)) == v for n, v in wanted.items())]
    if not chosen:
        known = {_text(getattr(row, name)) for row in rows for name in wanted}
        hint = next((n for n in (nearest(value, known) for value in wanted.values() if value not in known) if n), "")
        raise InputError(_fault(override, f"no row of {override.table} fits{hint}"))
    changed = list(rows)
    for i in chosen:
        values: dict[str, Any] = rows[i].model_dump(by_alias=False) | {name: getattr(rows[i], name) for name in PLACE}
        values[columns[override.column]] = _fitting(record, columns[override.column], override.value)
        if override.column == "cover_months" and override.value not in (None, ""):
            values["quantity"] = None
        if override.column == "quantity" and "cover_months" in values and override.value not in (None, ""):
            values["cover_months"] = None
        try:
            changed[i] = record.model_validate(values)
        except ValidationError as error:
            text = "; ".join(fault_message(fault, _text(override.value), record) for fault in error.errors())
            raise InputError(_fault(override, text)) from None
    return tuple(changed)


def _fitting(record: type[Record], field: str, value: Any) -> Any:  # noqa: ANN401
    """Return a number as text where the column holds text, such as the value of a rule, which may be a share or an id."""
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return str(value) if is_number and record.model_fields[field].annotation is str else value


def _text(value: object) -> str:
    return "" if value is None else str(value)
