"""The notebooks are true: each runs from top to bottom without a warning, shows pictures, and is stored without outputs."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

FOLDER = Path(__file__).parent.parent / "reports" / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
STRICT = "import warnings; warnings.simplefilter('error')"


def executed(path):
    """Run a notebook in a kernel of its own in which warnings are errors; return it with its outputs."""
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.insert(0, nbformat.v4.new_code_cell(STRICT))
    notebook.cells.append(nbformat.v4.new_code_cell("warnings.resetwarnings()"))  # the kernel's own shutdown warns
    NotebookClient(notebook, timeout=240, resources={"metadata": {"path": str(path.parent)}}).execute()
    return notebook


def outputs(notebook):
    return [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]


def pictures(notebook):
    data = [output.get("data", {}) for output in outputs(notebook)]
    return [part for part in data if "image/png" in part or '<img alt="' in part.get("text/html", "")]


# what a notebook tells is checked in what it shows: words that stand in no cell of it, but in an answer computed from it
SHOWN = {
    "01_first_steps": ["contracts (upper end)", 'did you mean "ndfeb_hot"'],
    "02_april_2025_licensing": ["of usual in **2025-05**", "Without any reaction **USD"],
    "03_your_own_what_if": ["- **three months of cover** saves USD", 'did you mean "EU/auto_lean"'],
    "04_escalation_and_truce": ["If everyone kept to contracts the package would do USD"],
    "05_uncertainty": ["is the larger unknown"],
    "06_your_own_company": [
        'did you mean "ndfeb_hot"',
        "ndfeb_hot:EU stands already in row 30 of stocks.csv of the data below",
        "0 of 7 figures of hers moved",
        "Gearless lift motors (lift_motor) made in Kessler Antriebe",
        "If nobody reroutes, her line runs short from **2025-",
    ],
}


def test_all_notebooks_are_known():
    assert [path.stem for path in NOTEBOOKS] == list(SHOWN)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_stored_without_outputs(path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert outputs(notebook) == []
    assert path.stat().st_size < 20_000


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_runs(path):
    notebook = executed(path)
    assert [output for output in outputs(notebook) if output.get("name") == "stderr"] == []
    assert pictures(notebook)
    text = "\n".join(
        str(part) for output in outputs(notebook) for part in (output.get("text", ""), *output.get("data", {}).values())
    )
    assert [words for words in SHOWN[path.stem] if words not in text and words.replace('"', "&quot;") not in text] == []
