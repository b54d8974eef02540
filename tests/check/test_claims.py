"""Claims lead to rows: the rules on a small network, and what ships with the tool against what the documents name."""

import functools

import pytest

from exposure.check import check_claims, check_register
from exposure.io import built_in_path, read_claims, read_register
from exposure.load import load
from exposure.model import Addresses, BomLine, CapacityStep, Claim, Demand, Lane, Recipe, RegisteredControl
from tests.tiny import tiny_network

GOODS = {
    "S0-06": {"gpu_high", "chip_tool_us"},
    "S0-07": {"huawei_soc", "huawei_phone", "telecom_gear"},
    "S0-08": {"gpu_high", "ai_compute"},
    "S1-08": {"soybeans", "other_farm_goods"},
    "S1-09": {"health_beauty"},
    "S1-10": {"entertainment"},
    "S1-17": {"japan_seafood"},
    "S2-02": {"ndfeb_hot", "ev", "ice_car"},
    "S2-07": {"eda_software", "chip_design", "chips_28"},
    "S2-09": {"student_cn", "campus_us"},
    "S2-11": {"gpu_high", "ai_compute"},
    "S2-15": {"ndpr_oxide", "dy_oxide", "ndfeb_hot"},
    "S2-17": {"ndfeb_hot", "ndfeb_light", "traction_motor", "car_motor_set", "ev", "ice_car"},
    "S2-18": {"smco_magnet", "fighter_jet", "defence_equipment", "military_drone"},
    "S2-20": {"yttrium_coating", "semiconductors", "gas_turbine"},
    "S2-27": {"huawei_soc", "us_parts_huawei"},
    "S2-28": {"gpu_high"},
    "S2-29": {"chip_tool_us", "scanner_nl", "chip_tool_jp"},
    "S2-30": {"hbm", "cn_accelerator"},
    "S2-31": {"gpu_high", "huawei_soc", "hbm"},
    "S2-32": {"ai_compute", "semiconductors"},
    "S2-33": {"cn_accelerator", "huawei_soc"},
    "S2-34": {"huawei_phone"},
    "S2-36": {"huawei_soc", "wafer_7nm"},
    "S2-37": {"ai_compute", "adv_packaging"},
    "S3-05": {"ndfeb_hot", "ev"},
    "S3-06": {"semiconductors", "polishing_powder"},
    "S3-07": {"drone_motor_set", "civil_drone", "military_drone"},
    "S3-08": {"fighter_jet", "defence_equipment"},
    "S3-09": {"ndpr_oxide", "dy_oxide"},
    "S3-11": {"battery_line", "ev_battery_pack", "ev"},
    "S3-12": {"wafer_tool", "semiconductors"},
    "S3-14": {"other_goods_cn_us"},
    "S4-08": {"eda_software", "chip_design"},
    "S4-09": {"ethane", "ethylene", "ethylene_polymer"},
    "S4-10": {"student_cn"},
    "S4-16": {"ndfeb_hot", "ev", "ice_car"},
    "S4-17": {"smco_magnet", "fighter_jet"},
    "S4-19": {"fighter_jet", "defence_equipment", "gas_turbine"},
    "S4-23": {"electronics_magnet_set", "electronics"},
    "S4-24": {"fighter_jet", "defence_equipment"},
    "S4-25": {"wind_turbine", "other_energy_equipment", "gas_turbine"},
    "S4-26": {"ndfeb_hot", "ev", "ice_car"},
}
"""Goods and products that a document names, and the items that stand for them."""

ACTS = {
    "S0-04": "JOINT-2023-08-BEIJING", "S0-05": "JOINT-2023-08-BEIJING", "S1-03": "US-2023-08-OUTBOUND",
    "S1-11": "US-2023-08-UVL27", "S2-03": "JOINT-2025-05-GENEVA", "S2-07": "US-2025-05-EDA", "S2-09": "US-2025-05-VISA",
    "S2-10": "US-2022-10-AC-SME", "S2-23": "CN-2025-04-RE7", "S2-25": "US-2025-04-RECIP", "S2-27": "US-2019-05-ENT-HUAWEI",
    "S2-28": "US-2022-10-AC-SME", "S2-29": "US-2022-10-AC-SME", "S2-30": "US-2024-12-HBM-SME",
    "S2-31": "US-2020-08-FDPR-HUAWEI2", "S3-03": "CN-2025-10-ANN57", "S3-04": "CN-2025-10-ANN62", "S3-10": "CN-2025-10-ANN61",
    "S3-11": "CN-2025-10-ANN58", "S3-14": "US-2025-10-THREAT100", "S3-15": "JOINT-2025-10-BUSAN", "S3-16": "JOINT-2025-10-BUSAN",
    "S4-02": "JOINT-2025-06-LONDON", "S4-07": "US-2025-07-LIFT", "S4-08": "US-2025-05-EDA", "S4-09": "US-2025-05-ETHANE",
    "S4-10": "US-2025-05-VISA", "S4-20": "CN-2025-04-RE7",
}  # fmt: skip
"""Controls, easings, threats and talks that a document names, and the control that stands for each."""

NOT_NAMED = {
    "US-2026-02-S122", "CN-2024-12-BAN46", "CN-2024-12-BAN46-2", "CN-2024-12-BAN46-RX", "CN-2026-01-JAPAN",
    "CN-2026-02-JAPANENT", "CN-2026-04-EU7", "US-2026-06-1260H", "EV-2024-01-SMUGGLING", "JOINT-2025-10-PORTFEES",
    "CN-2023-08-GAGE", "CN-2024-09-ANTIMONY", "CN-2025-02-WTEBIMOIN", "NL-2025-09-NEXPERIA", "CN-2025-10-NEXPERIA",
    "EV-2025-10-NEXPERIA", "JP-2023-07-TOOLS", "CN-2025-03-FARM",
}  # fmt: skip
"""Controls of which no document speaks."""

OWN = {
    "CN-2023-08-SEAFOOD": "a caption of document 001", "US-2025-07-GRAPHITE-AD": "duties on battery material",
    "JP-2023-07-TOOLS": "the third of the rules on chip tools", "CN-2025-03-FARM": "a duty beside that of April 2025",
    "BR-2026-12-TRUCE": "a measure of what lifting gives back",
}  # fmt: skip
"""Controls of the model that no entry of the register leads to."""


@functools.cache
def shipped():
    return load()


@functools.cache
def addresses():
    return Addresses(shipped())


@functools.cache
def claims():
    return {claim.claim: claim for claim in read_claims()}


def claim(rows="", *, encoded="yes", kind="control", note="", ident="S0-01"):
    return Claim(
        claim=ident, document="a.txt", sha256="0" * 64, paragraph=1, kind=kind, statement="x", encoded=encoded, rows=rows,
        note=note,
    )  # fmt: skip


def network(claims="S0-01"):
    return tiny_network(
        regions="region,name,within\nCN,China,\nUS,United States,\nUS/defence,Defence,US",
        recipes="recipe,item,region,output0\nmine,ore,CN,10",
        lanes="item,origin,destination,flow0\nore,CN,US,5\nore,CN,US/defence,5",
        demand="item,region,quantity,value_usd\nore,US,5,1\nore,US/defence,5,1",
        controls=f"control,title,announced,effective,status,claims\nC1,A,2025-04-01,2025-04-01,in_force,{claims}",
        control_scope="control,item,origin,destination,mechanism\nC1,ore,CN,US,ban",
    )


def told(net, *given):
    return [(finding.file, finding.value, finding.message) for finding in check_claims(net, given, {"april"})]


def test_sound_claim_has_no_finding():
    assert told(network(), claim("controls:C1; lanes:ore/CN/US/defence; demand:ore; scenarios:april")) == []


def test_an_address_names_one_row_or_all_that_begin_so():
    at = Addresses(network())
    assert [row.region for row in at.rows("demand:ore")] == ["US", "US/defence"]
    assert [row.region for row in at.rows("demand:ore/US")] == ["US"]
    assert [row.destination for row in at.rows("lanes:ore/CN/US/defence")] == ["US/defence"]
    assert [row.mechanism for row in at.rows("control_scope:C1")] == ["ban"]
    assert at.rows("demand:or") == at.rows("ore") == ()


@pytest.mark.parametrize(
    ("given", "value", "words"),
    [
        (claim("controls:C1; lanes:ore/CN/USA"), "lanes:ore/CN/USA", 'did you mean "lanes:ore/CN/US"'),
        (claim("controls:C1; scenarios:aprli"), "scenarios:aprli", 'did you mean "scenarios:april"'),
        (claim(), "S0-01", "encoded, but names no row"),
        (claim(encoded="no", kind="event"), "S0-01", "must say why"),
        (claim(encoded="no", kind="threat", note="why"), "S0-01", "kind threat needs a row"),
        (claim("controls:C1", encoded="no", kind="event", note="why"), "S0-01", "names rows, so it is encoded"),
    ],
)
def test_each_fault_of_a_claim_is_told(given, value, words):
    assert any(found[1] == value and words in found[2] for found in told(network(), given))


def test_controls_and_claims_name_each_other():
    (found,) = told(network("S0-01;S0-02"), claim("controls:C1"))
    assert found[:2] == ("controls.csv", "S0-02") and "no such claim" in found[2]
    (found,) = told(network(), claim("demand:ore"))
    assert found[:2] == ("controls.csv", "S0-01") and "does not name C1" in found[2]
    (found,) = told(network(""), claim("controls:C1"))
    assert found[:2] == ("claims.csv", "C1") and "does not name S0-01" in found[2]
    assert any("stands 2 times" in found[2] for found in told(network(), *2 * [claim("controls:C1")]))


def test_register_entry_needs_rules_or_a_reason():
    net = tiny_network(
        controls="control,title,announced,effective,status\nC1,A,2025-04-01,2025-04-01,in_force\nC2,B,2025-04-01,2025-04-01,lifted",
        control_scope="control,item,origin,destination,mechanism\nC1,ore,CN,US,ban",
    )
    row = RegisteredControl
    assert (
        check_register(net, [row(control="C1", encoded_as="C1"), row(control="C2", encoded_as="C1", reason="w")]) == []
    )
    found = check_register(
        net, [row(control="C2", encoded_as="C2"), row(control="X"), row(control="Y", encoded_as="C3")]
    )
    assert ["say why" in found[0].message, "neither" in found[1].message, "no such" in found[2].message] == [True] * 3


def test_shipped_claims_have_no_finding():
    scenarios = {path.stem for path in (built_in_path() / "scenarios").glob("*.yaml")}
    assert check_claims(shipped(), read_claims(), scenarios) == []
    assert check_register(shipped(), read_register()) == []


def items_of(net, row):
    if isinstance(row, (Demand, Lane, Recipe)):
        return {row.item}
    if isinstance(row, (BomLine, CapacityStep)):
        return {net.recipe[row.recipe].item, getattr(row, "input", "")}
    return set()


@pytest.mark.parametrize("ident", GOODS)
def test_goods_that_a_document_names_are_among_the_rows_of_its_claim(ident):
    net = shipped()
    rows = [row for address in claims()[ident].rows for row in addresses().rows(address)]
    assert GOODS[ident] - {item for row in rows for item in items_of(net, row)} == set()


def test_each_dependency_leads_to_trade_or_materials_and_to_a_product():
    for one in claims().values():
        if one.kind == "dependency":
            kinds = {type(row) for address in one.rows for row in addresses().rows(address)}
            assert kinds & {BomLine, Lane}, one.claim
            assert Demand in kinds or one.claim == "S3-17", one.claim


def test_each_share_leads_to_suppliers_and_to_a_published_figure():
    for one in claims().values():
        if one.kind == "share":
            assert any(row.startswith("facts:") for row in one.rows), one.claim
            assert any(row.startswith(("recipes:", "lanes:")) for row in one.rows), one.claim


@pytest.mark.parametrize("ident", ACTS)
def test_acts_that_a_document_names_are_among_the_rows_of_its_claim(ident):
    assert ACTS[ident] in claims()[ident].controls


def test_every_control_answers_a_claim_or_is_known_not_to():
    assert {control.control for control in shipped().controls if not control.claims} == NOT_NAMED


def test_every_control_of_the_model_comes_from_the_register_or_is_known_not_to():
    register = read_register()
    reached = {name for row in register for name in (row.control, *row.encoded_as)}
    assert set(shipped().control) - reached == set(OWN)
    assert {row.control for row in register} <= set(shipped().control)
    split = {row.control: row.encoded_as for row in register if len(row.encoded_as) > 1}
    assert split["CN-2024-12-BAN46"] == ("CN-2024-12-BAN46", "CN-2024-12-BAN46-2", "CN-2024-12-BAN46-RX")


def test_what_documents_get_wrong_is_noted_with_the_right_fact():
    words = {
        "S0-15": "Unverified List", "S1-11": "33 parties", "S2-05": "eased", "S2-08": "promise to reduce", "S2-16": "US goods",
        "S3-09": "99 %", "S3-10": "1 December", "S3-12": "no chip-making machine", "S3-14": "in office", "S4-09": "46 %",
    }  # fmt: skip
    assert [ident for ident, part in words.items() if part not in claims()[ident].note] == []
