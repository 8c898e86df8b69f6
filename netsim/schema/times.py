"""Times as Go reads them."""

from __future__ import annotations

import re

# Go's time.Parse(time.RFC3339, …) is laxer than the RFC: one digit will do for the hour, a comma
# for the point, and offsets go to +24:60. It is stricter, too: `T` and `Z` are upper case.
_RFC3339 = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)T(\d\d?):(\d\d):(\d\d)([.,]\d+)?(?:Z|[+-](\d\d):(\d\d))", re.ASCII
)

_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def is_rfc3339(text: str) -> bool:
    """Whether Go's RFC 3339 reader takes `text`, leap seconds excluded as there."""
    match = _RFC3339.fullmatch(text)
    if not match:
        return False
    year, month, day, hour, minute, second = (int(match[index]) for index in range(1, 7))
    if not 1 <= month <= 12 or not 1 <= day <= _days(year, month):
        return False
    offset_hour, offset_minute = int(match[8] or 0), int(match[9] or 0)
    in_day = hour < 24 and minute < 60 and second < 60
    return in_day and offset_hour <= 24 and offset_minute <= 60


def _days(year: int, month: int) -> int:
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return _DAYS[month - 1] + (leap and month == 2)
