"""The front door: small, sorted, and exactly what is meant."""

import subprocess
import sys

import exposure


def test_all_is_sorted_and_complete():
    public = {
        name
        for name, value in vars(exposure).items()
        if not name.startswith("_") and getattr(value, "__module__", "exposure").startswith("exposure")
        and not hasattr(value, "__path__") and type(value).__name__ != "module"
    }  # fmt: skip
    assert exposure.__all__ == sorted(exposure.__all__)
    assert set(exposure.__all__) == public


def test_import_reads_nothing_and_searches_no_solver():
    # an audit hook sees every file that Python opens; none may be data
    code = (
        "import sys; opened = []; sys.addaudithook(lambda e, a: opened.append(str(a[0])) if e == 'open' else None); "
        "import exposure; print([p for p in opened if p.endswith(('.csv', '.json', '.yaml')) and 'exposure' in p])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
    assert done.stderr == ""
