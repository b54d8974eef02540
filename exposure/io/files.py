"""Files on disk: reading with a size limit, writing whole or not at all, hashes, and safe names."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import tempfile
import unicodedata
from collections.abc import Container
from pathlib import Path

from exposure.errors import Finding, InputError, OutputError

LARGEST_FILE = 50_000_000
"""No table may be larger, in bytes."""

LONGEST_NAME = 100
"""Bytes of a file name that are kept; endings and counters come on top."""

_RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}


def sha256(data: bytes) -> str:
    """Return the SHA-256 of some bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def read_limited(path: Path, *, limit: int = LARGEST_FILE) -> bytes:
    """Read a file of at most ``limit`` bytes.

    Raises
    ------
    InputError
        If the path is missing, a folder, not readable, no ordinary file, or larger than the limit.
    """
    try:
        message = _no_file(path)
        if message:
            raise InputError(Finding(message, file=path.name))
        with path.open("rb") as stream:
            data = stream.read(limit + 1)
    except OSError as error:
        raise InputError(Finding(f"cannot be read ({error.strerror or error})", file=path.name[:100])) from error
    if len(data) > limit:
        message = f"larger than {limit / 1e6:g} MB, the most that is read; is this the right file?"
        raise InputError(Finding(message, file=path.name))
    return data


def _no_file(path: Path) -> str:
    if not path.exists():
        return "no such file" + (f' (tried "{path}")' if str(path) != path.name else "")
    if path.is_dir():
        return "this is a folder; a file is needed"
    return "" if path.is_file() else "this is not an ordinary file"


def write_atomically(path: Path | str, data: bytes | str) -> None:
    """Write a file whole or not at all: an earlier file of that name stays untouched until the new one is on disk.

    The data goes to a temporary file in the same folder, is flushed to disk, and then takes the name in one step.

    Raises
    ------
    OutputError
        If the path is a folder, a symbolic link or in a folder that does not exist, or the disk refuses.
    """
    path = Path(path)
    _refuse_bad_target(path)
    content = data.encode("utf-8") if isinstance(data, str) else data
    try:
        _write_and_swap(path, content)
    except OSError as error:
        hint = "; is it open in another program?" if isinstance(error, PermissionError) else ""
        message = f'"{path}" was not written ({error.strerror or error}){hint}; what stood there before is unchanged'
        raise OutputError(message) from error


def _refuse_bad_target(path: Path) -> None:
    message = ""
    if path.is_symlink():
        message = f'"{path}" is a symbolic link; give the path of the file itself'
    elif path.is_dir():
        message = f'"{path}" is a folder; give the path of a file'
    elif path.exists() and not path.is_file():
        message = f'"{path}" is not an ordinary file'
    elif not path.parent.is_dir():
        message = f'"{path}" was not written: the folder "{path.parent}" does not exist'
    if message:
        raise OutputError(message)


def _write_and_swap(path: Path, content: bytes) -> None:
    mode = path.stat().st_mode & 0o777 if path.exists() else _default_mode()
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".exposure-", suffix=".tmp")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(mode)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def _default_mode() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _sync_folder(folder: Path) -> None:
    """Make the new name last through a power cut, where the system can."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def safe_name(name: str, *, taken: Container[str] = ()) -> str:
    """Turn any text into a file name without ending that stays in its folder on every system.

    Letters, digits, ``-``, ``_`` and inner points stay; everything else becomes ``-``. A name that had to be cut, or of
    which nothing is left, ends in eight characters of its hash.

    Parameters
    ----------
    name
        Any text, such as a scenario's name.
    taken
        Names in use, in lower case; a counter is added until the result is not among them.
    """
    text = unicodedata.normalize("NFC", name)
    text = re.sub(r"[^\w.]+", "-", text)
    text = re.sub(r"\.{2,}", "-", text)
    text = re.sub(r"-{2,}", "-", text).strip("-._")
    if len(text.encode()) > LONGEST_NAME or not text:
        cut = text.encode()[:LONGEST_NAME].decode(errors="ignore").rstrip("-._") or "name"
        text = f"{cut}-{sha256(name.encode(errors='surrogatepass'))[:8]}"
    if text.split(".")[0].lower() in _RESERVED:
        text = f"_{text}"
    unique, count = text, 2
    while unique.lower() in taken:
        unique, count = f"{text}-{count}", count + 1
    return unique
