"""The live app: by streamlit's own tester, and once in a real browser."""

import io
import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import openpyxl
import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from streamlit.testing.v1 import AppTest

import exposure.app
from exposure.app.main import plain
from exposure.app.what_if import WhatIf
from exposure.io import write_package
from exposure.report import workbook_bytes
from exposure.response import run
from tests.browser import chromium, needs_chromium, picture_has_ink
from tests.page.test_page import network

CHARTS = "[data-testid=stVegaLiteChart] canvas, [data-testid=stVegaLiteChart] svg"
MAIN = Path(exposure.app.__file__).parent / "main.py"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("net") / "net"
    write_package(network(facts=[{"fact": "F1", "quantity": "price"}]), path)
    return path


@pytest.fixture
def app(folder, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["main.py", str(folder)])
    tester = AppTest.from_file(str(MAIN), default_timeout=60).run()
    assert not tester.exception
    return tester


def answer(app):
    next(button for button in app.button if button.label == "Answer").click()
    app.run()
    assert not app.exception


def contracts(app):
    return next(metric.value for metric in app.metric if metric.label.startswith("contracts"))


def test_tables_of_ones_own_lie_over_the_data(folder, tmp_path, monkeypatch):
    own = tmp_path / "firm"
    own.mkdir()
    (own / "controls.csv").write_text(
        "control,title,announced,effective,status\nF1,Our own fear,2025-04-01,2025-04-01,threat\n"
    )
    monkeypatch.setattr(sys, "argv", ["main.py", str(folder), str(own)])
    tester = AppTest.from_file(str(MAIN), default_timeout=60).run()
    assert not tester.exception
    assert "F1: Our own fear" in tester.multiselect(key="controls").options


def test_sliders_change_the_answer(app):
    first = contracts(app)
    app.slider(key="severity").set_value(1.0)
    answer(app)
    harsh = contracts(app)
    assert harsh != first
    app.slider(key="stock").set_value(4.0)
    answer(app)
    assert contracts(app) not in (first, harsh)
    app.select_slider(key="level").set_value("contracts").run()
    assert not app.exception
    assert app.selectbox(key="gap").options


def test_no_control_and_a_bad_month_get_advice(app):
    app.text_input(key="start").set_value("Novmber 2026")
    answer(app)
    assert "is not a month" in app.error[0].value.replace("\\", "")
    app.text_input(key="start").set_value("")
    app.multiselect(key="controls").set_value([])
    answer(app)
    assert "Pick a control" in app.info[0].value


def test_factors_reach_the_data_with_their_ranges():
    net = network(stocks="item,region,cover_months,low,high\nmagnet,EU/lean,1,0.5,2")
    case = WhatIf(("B1",), "2025-04", stock=2.0).scenario(net)
    stock = net.with_values(case.set).stocks[0]
    assert (stock.cover_months, stock.low, stock.high) == (2, 1, 4)
    slow = network(recipes="""
        recipe,item,region,output0,capacity,start_months,ramp_months
        mine_cn,ore,CN,240,300,2,2
        magnet_cn,magnet,CN,120,120,0,0
        magnet_jp,magnet,JP,120,180,3,4
        car_eu,car,EU/lean,1200,1200,0,0""")  # fmt: skip
    changed = slow.with_values(WhatIf(("B1",), "2025-04", ramp=2.0).scenario(slow).set)
    assert [(r.start_months, r.ramp_months) for r in changed.recipes] == [(2, 2), (0, 0), (6, 8), (0, 0)]


def test_the_workbook_of_a_what_if_opens():
    net = network()
    outcome = run(net, WhatIf(("B1",), "2025-04", 3, severity=0.5).scenario(net))
    book = openpyxl.load_workbook(io.BytesIO(workbook_bytes([outcome])))
    assert "Cover" in book.sheetnames


def test_names_cannot_be_markdown():
    assert plain("<b>*x*</b>") == r"\<b\>\*x\*\</b\>"


@needs_chromium
def test_the_app_answers_in_a_browser(folder, tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "exposure", "app", "--no-browser", "--port", str(port), "--data", str(folder)]
    server = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True, cwd=tmp_path
    )
    try:
        _wait(lambda: urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2).status == 200)
        with chromium() as driver:
            driver.get(f"http://127.0.0.1:{port}")
            _wait(lambda: "USD" in driver.find_element(By.CSS_SELECTOR, "[data-testid=stMetricValue]").text)
            _wait(lambda: len(driver.find_elements(By.CSS_SELECTOR, CHARTS)) >= 2)
            before = driver.find_element(By.CSS_SELECTOR, "[data-testid=stMetricValue]").text
            stock = driver.find_element(By.CSS_SELECTOR, "input[type=range][aria-label^=Stocks]")
            driver.execute_script("arguments[0].focus()", stock)  # the input itself is drawn over by its handle
            ActionChains(driver).send_keys(Keys.ARROW_RIGHT * 8).perform()
            driver.find_element(By.CSS_SELECTOR, "[data-testid=stFormSubmitButton] button").click()
            _wait(lambda: driver.find_element(By.CSS_SELECTOR, "[data-testid=stMetricValue]").text != before)
            driver.save_screenshot(str(tmp_path / "app.png"))
            assert picture_has_ink(tmp_path / "app.png", 0.03)
    finally:
        os.killpg(server.pid, 15)
        server.wait(timeout=20)


def _wait(ready, seconds=45):
    """Ask again until something is so."""
    end = time.monotonic() + seconds
    while True:
        try:
            if ready():
                return
        except Exception:
            if time.monotonic() > end:
                raise
        assert time.monotonic() < end, "it did not come about in time"
        time.sleep(0.2)
