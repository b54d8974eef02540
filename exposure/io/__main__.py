"""``python -m exposure.io FOLDER``: write the manifest of a data package anew after its files were edited."""

from __future__ import annotations

import sys

from exposure.errors import ExposureError
from exposure.io.manifest import refresh_manifest
from exposure.io.package import built_in_path


def main(arguments: list[str]) -> int:
    """Refresh the manifest of each folder named, or of the built-in package; return the exit code."""
    try:
        for folder in arguments or [str(built_in_path())]:
            refresh_manifest(folder)
    except ExposureError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
