"""The page in a real browser: clicks, keys, narrow and wide, and nothing asked of the network."""

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

from exposure.report.page import STEPS, write_page
from tests.browser import chromium, needs_chromium, picture_has_ink, requests, resize
from tests.page.test_page import EVIL, answered, case, network

pytestmark = needs_chromium

CONTRAST = """
const lum = (c) => { const f = c.map((v) => { v /= 255; return v <= .03928 ? v / 12.92 : Math.pow((v + .055) / 1.055, 2.4); });
  return .2126 * f[0] + .7152 * f[1] + .0722 * f[2]; };
const rgb = (t) => t.match(/[\\d.]+/g).map(Number);
const back = (n) => { for (; n; n = n.parentElement) { const c = rgb(getComputedStyle(n).backgroundColor);
  if (c.length < 4 || c[3] > 0) return c.slice(0, 3); } return [255, 255, 255]; };
const low = [];
for (const n of document.querySelectorAll("body *")) {
  if (![...n.childNodes].some((k) => k.nodeType === 3 && k.data.trim()) || !n.getClientRects().length) continue;
  const s = getComputedStyle(n), svg = n.namespaceURI.includes("svg");
  const a = lum(rgb(svg ? s.fill : s.color).slice(0, 3)), b = lum(back(n));
  const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
  if (ratio < 4.5) low.push([n.tagName, n.textContent.slice(0, 30), ratio]);
}
return low;
"""


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    net = network(items="""
        item,name,kind,unit,price_usd,source
        ore,Ore,material,t,100,F1
        magnet,<i>NdFeB</i> & "magnets",component,t,1000,estimate
        car,Combustion cars,product,unit,20000,F1; estimate""")  # fmt: skip
    path = tmp_path_factory.mktemp("page") / "april.html"
    return write_page(answered(net, case(title=EVIL)), path, severities=STEPS)


@pytest.fixture(scope="module")
def driver(page):
    with chromium() as opened:
        yield opened


@pytest.fixture
def shown(driver, page):
    requests(driver)
    emulate(driver)
    resize(driver, 1280, 900)
    driver.get(page.as_uri())
    assert driver.execute_script("return document.documentElement.dataset.ready") == "yes"
    yield driver
    assert [r for r in requests(driver) if not r.startswith(("file:", "data:"))] == []
    assert [m for m in driver.get_log("browser") if m["level"] == "SEVERE"] == []


def one(driver, css):
    return driver.find_element(By.CSS_SELECTOR, css)


def press(driver, css):
    """Bring an element to the middle of the window and click it."""
    driver.execute_script("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", one(driver, css))
    one(driver, css).click()


def text(driver, css):
    return one(driver, css).text


def test_names_show_as_text_and_nothing_of_them_runs(shown):
    assert text(shown, "h1") == EVIL
    assert shown.execute_script("return window.hit") is None
    assert '<i>NdFeB</i> & "magnets"' in text(shown, "#walk")


def test_the_slider_and_the_levels_change_every_chart(shown):
    before = {part: one(shown, part).get_attribute("innerHTML") for part in ("#timeline", "#bracket", "#sentence")}
    one(shown, "#severity").send_keys(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT)
    assert "harshest" in text(shown, "#severity-now")
    assert all(one(shown, part).get_attribute("innerHTML") != was for part, was in before.items())
    heat = text(shown, "#heat-note")
    press(shown, "#level-contracts")
    assert text(shown, "#heat-note") != heat
    assert one(shown, "#bracket li.on").get_attribute("data-level") == "contracts"


def test_a_cell_tells_its_figures_on_focus_and_its_sources_on_enter(shown):
    press(shown, "#level-contracts")
    total = one(shown, "#heat td[tabindex='0']")
    shown.execute_script("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", total)
    ActionChains(shown).pause(0.3).move_to_element(total).pause(0.1).perform()  # a page that scrolls hides the tip
    assert "lost" in text(shown, "#tip")
    shown.execute_script("arguments[0].focus()", total)
    total.send_keys(Keys.ARROW_RIGHT)
    moved = shown.switch_to.active_element
    assert moved != total
    assert "March" in moved.get_attribute("aria-label") or "Mar 2025" in moved.get_attribute("aria-label")
    moved.send_keys(Keys.ENTER)
    panel = text(shown, "#panel")
    assert "demand car EU" in panel
    assert shown.switch_to.active_element.get_attribute("id") == "panel-title"
    shown.switch_to.active_element.send_keys(Keys.ESCAPE)
    assert not one(shown, "#panel").is_displayed()
    assert shown.switch_to.active_element == moved


def test_a_control_opens_its_rules_with_range_source_and_note(shown):
    label = one(shown, "#timeline g.mark")
    shown.execute_script("arguments[0].focus()", label)
    label.send_keys(Keys.ENTER)
    panel = text(shown, "#panel")
    for words in ("licence magnet CN to EU", "range 0 to 0.6", "F1: price of ore", "half of <b>applications</b>"):
        assert words in panel
    press(shown, "#panel-close")
    assert not one(shown, "#panel").is_displayed()


def test_the_chain_is_walked_by_click_and_by_key(shown):
    Select(one(shown, "#walk-item")).select_by_value("car")
    press(shown, "#walk button[data-item=magnet]")
    assert "NdFeB" in text(shown, "#walk .here h3")
    assert "under control: B1" in text(shown, "#walk .here")
    one(shown, "#walk button[data-item=ore]").send_keys(Keys.ENTER)
    assert text(shown, "#walk .here h3") == "Ore"
    assert len(shown.find_elements(By.CSS_SELECTOR, "#walk-path button")) == 3
    press(shown, "#walk-path button")
    assert text(shown, "#walk .here h3") == "Combustion cars"


def test_gap_flows_and_matrix_answer_to_their_choices(shown):
    press(shown, "#level-contracts")
    Select(one(shown, "#gap-item")).select_by_value("magnet")
    assert "Cut" in text(shown, "#gap .legend")
    assert len(shown.find_elements(By.CSS_SELECTOR, "#gap svg path")) >= 2
    Select(one(shown, "#flow-item")).select_by_value("magnet")
    Select(one(shown, "#flow-month")).select_by_value("2025-05")
    assert len(shown.find_elements(By.CSS_SELECTOR, "#sankey svg")) == 2
    ribbon = one(shown, "#sankey path.mark")
    assert "before 5 t a month" in ribbon.get_attribute("aria-label")
    assert "CN" in text(shown, "#matrix") or "China" in text(shown, "#matrix")


@pytest.mark.parametrize(("width", "least"), [(1280, 0.05), (400, 0.05)])
def test_it_reads_at_both_widths_with_enough_contrast(shown, tmp_path, width, least):
    resize(shown, width, 900)
    shown.refresh()
    press(shown, "#level-contracts")
    shown.execute_script("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    assert shown.execute_script("return document.documentElement.scrollWidth") <= width
    assert shown.execute_script(CONTRAST) == []
    shown.save_screenshot(str(tmp_path / "page.png"))
    assert picture_has_ink(tmp_path / "page.png", least)


def emulate(driver, media="", **features):
    given = [{"name": name.replace("_", "-"), "value": value} for name, value in features.items()]
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": media, "features": given})


def test_whoever_wants_less_motion_gets_none(shown):
    how = "return getComputedStyle(document.documentElement).scrollBehavior"
    moving = (
        "return [...document.querySelectorAll('*')].map((n) => getComputedStyle(n))"
        ".filter((s) => parseFloat(s.transitionDuration) || s.animationName !== 'none').length"
    )
    emulate(shown, prefers_reduced_motion="no-preference")
    assert shown.execute_script(how) == "smooth"
    emulate(shown, prefers_reduced_motion="reduce")
    assert shown.execute_script(how) == "auto"
    assert shown.execute_script(moving) == 0
    emulate(shown)


def test_paper_shows_what_was_chosen_and_cuts_nothing_off(shown):
    press(shown, "#level-contracts")
    was = len(shown.find_elements(By.CSS_SELECTOR, "details[open]"))
    emulate(shown, "print")
    shown.execute_script("dispatchEvent(new Event('beforeprint'))")
    # an A4 page across has 1032 units between its margins
    wide = "return Math.max(...[...document.querySelectorAll('main *')].map((n) => n.getBoundingClientRect().right)) - " \
           "document.body.getBoundingClientRect().left"  # fmt: skip
    assert shown.execute_script(wide) <= 1032
    assert one(shown, "#timeline > svg").get_dom_attribute("viewBox").startswith("0 0 1030 ")
    assert not one(shown, "#severity").is_displayed()
    assert "as stated" in text(shown, ".bar")
    assert text(shown, "#levels").split() == ["Who", "gives", "way", "contracts"]
    assert shown.find_elements(By.CSS_SELECTOR, "details:not([open])") == []
    assert one(shown, "#loss-table").is_displayed()
    emulate(shown)
    shown.execute_script("dispatchEvent(new Event('afterprint'))")
    assert len(shown.find_elements(By.CSS_SELECTOR, "details[open]")) == was
    assert one(shown, "#timeline > svg").get_dom_attribute("viewBox").startswith("0 0 11")


def test_where_the_headline_loses_nothing_the_heat_map_shows_contracts_and_says_so(shown):
    held = "const d = JSON.parse(document.getElementById('content').textContent); return d.cases[d.base].loss"
    lost = shown.execute_script(held)
    assert not lost["voluntary"]
    assert lost["contracts"]
    assert text(shown, "#heat-note").startswith(
        "Nothing is lost at the level \u201cvoluntary\u201d; shown instead: contracts"
    )
    assert "instead" in one(shown, "#heat-note").get_attribute("class")
    first = one(shown, "#heat td[tabindex='0']")
    shown.execute_script("arguments[0].focus()", first)
    first.send_keys(Keys.ENTER)
    assert "over the run, from" in text(shown, "#panel")
    press(shown, "#panel-close")
    press(shown, "#level-contracts")
    assert text(shown, "#heat-note").startswith("USD of output lost at the level \u201ccontracts\u201d")
    one(shown, "#severity").send_keys(Keys.HOME)  # at the mild end nobody loses anything
    assert text(shown, "#heat-note") == "No output is lost at any level at this severity."
    assert text(shown, "#heat") == ""


def test_tab_reaches_what_can_be_used_and_focus_can_be_seen(shown):
    seen = set()
    body = one(shown, "body")
    for _ in range(40):
        ActionChains(shown).send_keys(Keys.TAB).perform()
        now = shown.switch_to.active_element
        if now == body:
            break
        seen.add(now.get_attribute("id") or now.tag_name)
        assert shown.execute_script("return getComputedStyle(arguments[0]).outlineStyle", now) != "none"
    assert {"severity", "level-voluntary", "own-scale", "gap-item", "gap-place", "flow-item", "flow-month"} <= seen
