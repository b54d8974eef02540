"""The built wheel carries the data and works outside the repository."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_wheel_works_outside_the_repository(tmp_path):
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    build = [*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(tmp_path / "dist"), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    wheel = next((tmp_path / "dist").glob("exposure-*.whl"))
    target = tmp_path / "site"
    subprocess.run([*pip, "install", "--no-deps", "--target", str(target), str(wheel)], check=True, capture_output=True)
    code = (
        "import exposure, pathlib; net = exposure.load(); "
        "from exposure.io import read_claims, read_register, write_example; "
        "print(pathlib.Path(exposure.__file__).parts[-3], len(net.items), len(net.controls), net.built_in, "
        "len(read_claims()), len(read_register()), len(write_example('mine')), len(exposure.load(extend='mine').extensions))"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", code],
        cwd=tmp_path,
        env={"PYTHONPATH": str(target), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    place, items, controls, built_in, claims, register, tables, extensions = done.stdout.split()
    assert place == "site"
    assert int(items) > 30
    assert int(controls) > 10
    assert built_in == "True"
    assert (claims, register) == ("116", "82")
    assert (tables, extensions) == ("7", "1")
