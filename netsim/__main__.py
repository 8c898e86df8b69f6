"""`python -m netsim`."""

from __future__ import annotations

from netsim.cli.main import program

program()
