"""Random small networks with cross-trade, by-products, leads, stocks and controls, for properties."""

import random

from tests.tiny import tiny_network

COUNTRIES = ("CN", "US", "EU", "JP")


def random_network(seed, *, services=True, more_rules=False, origin_rules=False, machines=False):
    """Build a network: ore -> metal (with a by-product) -> part -> product, made and traded in circles, with one control each.

    ``more_rules`` adds up to three rules of the other mechanisms, and recipes that take time to grow; ``origin_rules`` up to two
    rules that look for goods of an origin; ``machines`` installed machines that use parts, and lanes at sea without a usual flow.
    """
    rng = random.Random(seed)
    items = ["ore", "metal", "side", "part", "glue", "good"]
    kinds = {"glue": "service" if services and rng.random() < 0.5 else "material"}
    recipes, bom, lanes, stocks, demand = [], [], [], [], []

    def amount(low, high):
        return round(rng.uniform(low, high), 2)

    for item in items:
        if item == "side":
            continue
        for country in COUNTRIES:
            if rng.random() < 0.75 or country == "CN":
                name = f"{item}_{country.lower()}"
                out = amount(20, 120)
                recipes.append(
                    {
                        "recipe": name,
                        "item": item,
                        "region": country,
                        "output0": out if item == "ore" else "",
                        "capacity": round(out * 3, 2) if item == "ore" else "",
                    }
                )
                inputs = {"metal": ["ore"], "part": ["metal", "glue"], "good": ["part", "side"], "glue": ["ore"]}.get(
                    item, []
                )
                for given in inputs:
                    bom.append({"recipe": name, "input": given, "quantity": amount(0.2, 1.5)})
                if item == "metal":
                    bom.append({"recipe": name, "input": "side", "quantity": -amount(0.1, 0.6)})
    made = {(r["item"], r["region"]) for r in recipes}
    for item in items:
        lead_ok = kinds.get(item) != "service"
        for origin in COUNTRIES:
            for destination in COUNTRIES:
                source = "metal" if item == "side" else item
                if origin != destination and (source, origin) in made and rng.random() < 0.6:
                    lead = rng.choice((0, 0, 1, 2)) if lead_ok else 0
                    lanes.append(
                        {
                            "item": item,
                            "origin": origin,
                            "destination": destination,
                            "lead_months": lead,
                            "extra_cost_usd": amount(0, 2),
                        }
                    )
    for item in ("metal", "part", "good", "side"):
        for country in COUNTRIES:
            if rng.random() < 0.5:
                stocks.append({"item": item, "region": country, "cover_months": amount(0.2, 4)})
    for country in COUNTRIES:
        demand.append(
            {
                "item": "good",
                "region": country,
                "quantity": amount(5, 60),
                "value_usd": amount(100, 900),
                "deferrable": rng.choice((0, 0, 0.5)),
            }
        )
        if rng.random() < 0.4:
            demand.append({"item": "part", "region": country, "quantity": amount(5, 20), "value_usd": amount(50, 300)})
    scope = []
    for k in range(rng.randint(1, 3)):
        month = rng.randint(4, 8)
        mechanism, value = rng.choice(
            (
                ("ban", ""),
                ("licence", str(amount(0, 1))),
                ("quota", str(amount(5, 60))),
                ("tariff", str(amount(0.05, 0.6))),
            )
        )
        scope.append(
            {
                "control": f"C{k}",
                "item": rng.choice(items),
                "origin": rng.choice(COUNTRIES),
                "destination": rng.choice(("*", *COUNTRIES)),
                "mechanism": mechanism,
                "value": value,
                "from": f"2025-{month:02d}-{rng.randint(1, 28):02d}",
            }
        )
    if origin_rules:
        scope += _origin_rules(rng)
    if more_rules:
        scope += _more_rules(rng, items, recipes, amount)
    if machines:
        _machines(rng, recipes, bom, lanes, stocks, amount)
    controls = [
        {
            "control": row["control"],
            "title": row["control"],
            "announced": row["from"],
            "effective": row["from"],
            "status": "in_force",
        }
        for row in scope
    ]
    kind_rows = [
        {"item": i, "name": i, "kind": kinds.get(i, "material"), "unit": "t", "price_usd": amount(1, 20)} for i in items
    ]
    if machines:
        kind_rows.append(
            {"item": "machine", "name": "machine", "kind": "equipment", "unit": "t", "price_usd": 50, "life_months": 24}
        )
    return tiny_network(
        items=kind_rows,
        recipes=recipes,
        bom=bom,
        lanes=lanes,
        stocks=stocks,
        demand=demand,
        controls=controls,
        control_scope=scope,
    )


def _machines(rng, recipes, bom, lanes, stocks, amount):
    """Machines made of parts in one country, standing in every country that makes goods; and detours at sea for parts."""
    home = next(row["region"] for row in recipes if row["item"] == "part")
    for row in list(recipes):
        if row["item"] == "good":
            row["capacity"] = 40
            bom.append({"recipe": row["recipe"], "input": "machine", "quantity": amount(0.05, 0.3)})
            stocks.append({"item": "machine", "region": row["region"], "cover_months": amount(0, 20)})
            if row["region"] != home:
                lanes.append({"item": "machine", "origin": home, "destination": row["region"], "lead_months": 1})
    recipes.append({"recipe": "machine_home", "item": "machine", "region": home, "output0": "", "capacity": ""})
    bom.append({"recipe": "machine_home", "input": "part", "quantity": amount(1, 5)})
    usual = {(row["item"], row["origin"], row["destination"]) for row in lanes}
    for origin in COUNTRIES:
        for destination in COUNTRIES:
            if origin != destination and ("part", origin, destination) not in usual:
                lanes.append(
                    {
                        "item": "part",
                        "origin": origin,
                        "destination": destination,
                        "flow0": 0,
                        "max_flow": amount(5, 40),
                        "lead_months": rng.choice((1, 2)),
                    }
                )


def _more_rules(rng, items, recipes, amount):
    """Rules of the other mechanisms; every recipe may then grow by half, some after a while."""
    for row in recipes:
        if row["output0"]:
            row |= {"start_months": rng.choice((0, 1, 2)), "ramp_months": rng.choice((0, 2, 4))}
    rows = []
    for k in range(rng.randint(1, 3)):
        mechanism, value = rng.choice(
            (
                ("revenue_share", str(amount(0.05, 0.6))),
                ("buyer_ban", ""),
                ("evasion", str(amount(0, 0.5))),
                ("technology", str(amount(0, 0.8))),
                ("investment", str(amount(0, 0.8))),
            )
        )
        rows.append(
            {
                "control": f"M{k}",
                "item": rng.choice(("*", *items)),
                "origin": rng.choice(COUNTRIES),
                "destination": rng.choice(("*", *COUNTRIES)),
                "mechanism": mechanism,
                "value": value,
                "days": rng.choice((0, 45)) if mechanism == "technology" else 0,
                "from": f"2025-{rng.randint(4, 8):02d}-{rng.randint(1, 28):02d}",
            }
        )
    return rows


def _origin_rules(rng):
    """Content rules, rules on what is made with an item, and re-export rules."""
    rows = []
    for k in range(rng.randint(1, 2)):
        mechanism = rng.choice(("content_rule", "foreign_product", "reexport"))
        origin = rng.choice(COUNTRIES)
        row = {"control": f"V{k}", "item": rng.choice(("part", "good", "metal")), "origin": f"!{origin}"}
        row |= {"destination": rng.choice([c for c in COUNTRIES if c != origin]), "mechanism": mechanism, "value": ""}
        covered = ";".join(rng.sample(["ore", "metal", "glue"], rng.randint(1, 2)))
        row |= {"covered": f"{origin}:{covered};approved={rng.choice((0, 0, 0.4))}"}
        if mechanism == "reexport":
            row |= {"origin": origin, "covered": ""}
        if mechanism == "content_rule":
            row["value"] = str(rng.choice((0.001, 0.05, 0.3)))
        row["from"] = f"2025-{rng.randint(4, 8):02d}-{rng.randint(1, 28):02d}"
        rows.append(row)
    return rows
