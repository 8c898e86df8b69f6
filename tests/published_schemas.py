"""Schemas that others have published for what netsim writes (tests/schemas)."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import fastjsonschema
import xmlschema

_SCHEMAS = Path(__file__).parent / "schemas"


def hold_sarif(text: str) -> None:
    """Fail where a text is not SARIF 2.1.0."""
    _sarif()(json.loads(text))


def hold_junit(text: str) -> None:
    """Fail where a text is no report as Jenkins takes it."""
    _junit().validate(text)


@cache
def _sarif() -> Callable[[Any], Any]:
    text = (_SCHEMAS / "sarif-2.1.0-rtm.5.json").read_text(encoding="utf-8")
    found: Callable[[Any], Any] = fastjsonschema.compile(json.loads(text))
    return found


@cache
def _junit() -> xmlschema.XMLSchema:
    return xmlschema.XMLSchema(_SCHEMAS / "junit-10.xsd")
