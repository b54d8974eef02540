"""The command line."""

from exposure.cli.main import cli, main

__all__ = ["cli", "main"]
