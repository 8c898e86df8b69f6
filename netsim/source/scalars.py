"""YAML scalars as Kubernetes resolves them (DEC-5 to DEC-7): the rules of go-yaml v2.

PyYAML's own rules differ in both directions: there `y` is a string, `1:20` the number 80.
"""

from __future__ import annotations

import binascii
import math
import re
import struct
from collections.abc import Callable
from typing import Generic, TypeVar

from netsim.source.content import RefusedError

Scalar = str | int | float | bool | None
Resolved = TypeVar("Resolved")

_TAG = "tag:yaml.org,2002:"

_WORDS: dict[str, bool | float | None] = {
    word: value
    for words, value in (
        ("y Y yes Yes YES true True TRUE on On ON", True),
        ("n N no No NO false False FALSE off Off OFF", False),
        (" ~ null Null NULL", None),  # with a blank in front: the empty text is null as well
        (".inf .Inf .INF +.inf +.Inf +.INF", math.inf),
        ("-.inf -.Inf -.INF", -math.inf),
        (".nan .NaN .NAN", math.nan),
    )
    for word in words.split(" ")
}
_NUMBER_STARTS = frozenset("0123456789+-.")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_INTEGER = re.compile(r"([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))")
_GROUP_BASES = {2: 16, 3: 2, 4: 8, 5: 10}  # by the group of _INTEGER that holds the digits
_SEPARATOR = re.compile("(?<=[0-9])_(?=[0-9])")
_TYPES: dict[str, tuple[type, ...]] = {
    "int": (int,),
    "float": (int, float),
    "bool": (bool,),
    "null": (type(None),),
}
_TIMESTAMP = re.compile(
    r"\d{4}-\d\d?-\d\d?"
    r"([Tt]\d\d?:\d\d?:\d\d?(\.\d+)?(Z|[+-]\d\d:\d\d)| +\d\d?:\d\d?:\d\d?(\.\d+)?)?",
    re.ASCII,
)


class _MergeKey(str):
    """The key `<<` where it asks for a merge. It is told from a quoted `"<<"` by identity."""

    __slots__ = ()


MERGE = _MergeKey("<<")


class Resolver(dict[str, Resolved], Generic[Resolved]):
    """A function of a plain scalar's text, remembered: `resolver[text]` is a lookup in C.

    Manifests say the same few thousand words again and again; long texts aren't kept.
    """

    _LONGEST, _MOST = 64, 1 << 16

    def __init__(self, resolve: Callable[[str], Resolved]) -> None:
        self._resolve = resolve

    def __missing__(self, text: str) -> Resolved:
        resolved = self._resolve(text)
        if len(text) <= self._LONGEST and len(self) < self._MOST:
            self[text] = resolved
        return resolved


def plain_value(text: str) -> Scalar:
    """The value of a plain scalar. Raises RefusedError for infinity and NaN: JSON has neither."""
    value = _resolved(text)
    if type(value) is float and not math.isfinite(value):
        raise RefusedError(
            f"`{text}` is no number that JSON can write", "DEC-6", "put it in quotes to mean text"
        )
    return value


def plain_key(text: str) -> str:
    """The JSON key that a plain scalar becomes (DEC-5), or MERGE. Raises RefusedError for null."""
    return MERGE if text == "<<" else key_text(_resolved(text))


VALUES = Resolver(plain_value)
KEYS = Resolver(plain_key)


def key_text(value: object) -> str:
    """The JSON key that a resolved value becomes. Raises RefusedError if it can't be one."""
    match value:
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case int() if value < 1 << 63:
            return str(value)
        case float():
            return _float32_text(value)
    described = {dict: "a map", list: "a list", int: "a number this large"}.get(type(value), "null")
    raise RefusedError(f"{described} can't be a key", "DEC-5", "write the key as quoted text")


def tagged_value(tag: str, text: str) -> Scalar:
    """The value of a scalar with an explicit tag (DEC-7): an unknown tag makes it a string.

    Raises RefusedError if the text isn't of the tag's type.
    """
    name = tag.removeprefix(_TAG)
    if name == "binary":
        return _binary(text)
    value = plain_value(text) if name in _TYPES else text
    if (name in _TYPES and type(value) not in _TYPES[name]) or (
        name == "timestamp" and not _TIMESTAMP.fullmatch(text)
    ):
        raise RefusedError(f"`{text[:40]}` is not of the type `!!{name}`", "DEC-7")
    return value


def tagged_key(tag: str, text: str) -> str:
    """The JSON key that a scalar with an explicit tag becomes, or MERGE for `!!merge <<`."""
    if tag == _TAG + "merge" and text == "<<":
        return MERGE
    return key_text(tagged_value(tag, text))


def _resolved(text: str) -> Scalar:
    """The value of a plain scalar: infinity and NaN included, which only a key may be."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _NUMBER_STARTS:
        return text
    digits = _SEPARATOR.sub("", text) if text[0] == "." else text.replace("_", "")
    whole = _integer(digits)
    if whole is not None:
        return whole
    if _FLOAT.fullmatch(digits):
        number = float(digits)
        return number if math.isfinite(number) else text  # DEC-6: an overflow is a string
    return text


def _integer(digits: str) -> int | None:
    """Go's integers with base 0, from int64 or uint64; None for any other text."""
    match = _INTEGER.fullmatch(digits)
    if match is None or match.lastindex is None:
        return None
    sign = match[1]
    try:
        number = int(match[match.lastindex], _GROUP_BASES[match.lastindex])
    except ValueError:  # more digits than Python converts
        return None
    if sign == "-":
        number = -number
    return number if -(1 << 63) <= number < (1 << 63 if sign else 1 << 64) else None


def _binary(text: str) -> str:
    try:
        data = binascii.a2b_base64(text.replace("\n", ""), strict_mode=True)
        return data.decode("utf-8", "replace")
    except ValueError:
        raise RefusedError("`!!binary` with a text that isn't base64", "DEC-7") from None


def _float32_text(number: float) -> str:
    """The shortest decimal that is `number` in 32 bits, as Go's FormatFloat(…, 'g', -1, 32)."""
    single = _float32(number)
    if not math.isfinite(single):
        return ".nan" if math.isnan(single) else ".inf" if single > 0 else "-.inf"
    shortest = next(
        text
        for precision in range(9)  # INVARIANT: 9 digits tell any two floats of 32 bits apart
        if _float32(float(text := f"{single:.{precision}e}")) == single
    )
    mantissa, _, exponent = shortest.partition("e")
    power, decimals = int(exponent), len(mantissa.partition(".")[2])
    if -4 <= power < 6:
        return f"{float(shortest):.{max(decimals - power, 0)}f}"
    return f"{mantissa}e{'-' if power < 0 else '+'}{abs(power):02d}"


def _float32(number: float) -> float:
    """The nearest float of 32 bits; infinity where it is too large for one."""
    try:
        (nearest,) = struct.unpack("<f", struct.pack("<f", number))
    except OverflowError:
        return math.copysign(math.inf, number)
    return float(nearest)
