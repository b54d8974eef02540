"""Each equation alone on its toy, against a file that was read and checked by hand.

After a deliberate change of an equation, write the files anew, read the difference and commit it with the change::

    REGENERATE=1 python -m pytest -n 0 tests/equations
"""

import os
from pathlib import Path

import pytest

from exposure.lp.equations import EQUATIONS
from tests.equations.toys import TOYS, text_of

HERE = Path(__file__).parent


@pytest.mark.parametrize("name", TOYS)
def test_equation_reads_as_its_golden_file(name):
    golden = HERE / f"{name}.lp"
    text = text_of(name)
    if os.environ.get("REGENERATE"):
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


def test_every_equation_has_its_golden_file():
    assert set(TOYS) == {*EQUATIONS, "objective"}
    assert {path.stem for path in HERE.glob("*.lp")} == set(TOYS)


@pytest.mark.parametrize("name", EQUATIONS)
def test_every_equation_is_named_like_its_function_and_says_its_formula(name):
    import exposure.lp.equations as package

    said = getattr(package, name).__doc__
    assert "::" in said, "a formula"
    assert "Its dual is" in said or name == "shortfall"
