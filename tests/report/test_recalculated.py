"""Formulas calculated anew by another program give what was stored beside them."""

import shutil
import subprocess

import openpyxl
import pytest

from exposure.report import write_workbook
from exposure.report.sheet import HEADER_ROW
from tests.report.outcomes import real

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")


@pytest.mark.filterwarnings("ignore:Unable to read chart")
@pytest.mark.skipif(
    OFFICE is None, reason="LibreOffice is not installed; formulas are checked by their stored values only"
)
def test_libreoffice_calculates_the_same_verdicts(tmp_path):
    path = write_workbook([real(), real("=odd & name", controls=())], tmp_path / "stored.xlsx")
    stored = openpyxl.load_workbook(path, data_only=True)
    live = openpyxl.load_workbook(path)
    live["Gap"].cell(HEADER_ROW + 1, 8).value += 1.0  # breaks the identity in one row
    live.save(tmp_path / "bare.xlsx")  # openpyxl drops stored values, so the other program has to calculate
    profile = f"-env:UserInstallation=file://{tmp_path / 'profile'}"
    command = [
        str(OFFICE),
        profile,
        "--headless",
        "--convert-to",
        "xlsx",
        "--outdir",
        str(tmp_path / "out"),
        str(tmp_path / "bare.xlsx"),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    anew = openpyxl.load_workbook(tmp_path / "out" / "bare.xlsx", data_only=True)
    checks = list(anew["Checks"].iter_rows(min_row=HEADER_ROW + 1, values_only=True))
    assert (checks[0][0], checks[0][4], checks[0][6]) == ("Gap adds up", 1, "FAIL")
    before = list(stored["Checks"].iter_rows(min_row=HEADER_ROW + 1, values_only=True))
    assert [row[6] for row in checks[1:]] == [row[6] for row in before[1:]]
    assert [row[4] for row in checks[1:]] == pytest.approx([row[4] for row in before[1:]], abs=1e-9)
    assert [cell.value for cell in anew["Balance"]["Q"]][HEADER_ROW:] == [
        cell.value for cell in stored["Balance"]["Q"]
    ][HEADER_ROW:]
    left = [[cell.value for cell in book["Balance"]["O"]][HEADER_ROW:] for book in (anew, stored)]
    assert left[0] == pytest.approx(left[1], abs=1e-9)
    assert anew["Cover"]["A4"].value == f"1 of {len(checks)} checks FAIL (sheet Checks)"
