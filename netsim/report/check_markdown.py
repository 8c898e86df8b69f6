"""What came of suites as Markdown, such as for the summary of a step.

### Expectations: 12 of 14 hold

**deny \\* except shop/\\* -> payments/\\* any** (`suites/shop.yaml:7:3`)
"""

from __future__ import annotations

from collections.abc import Iterator

from netsim.errors import visible
from netsim.report.check_text import breach_lines
from netsim.report.check_told import Standing, Told, remarks, standing, summary_line
from netsim.report.reach_tables import markdown_cell
from netsim.report.style import PLAIN, Style
from netsim.suites.outcome import Outcome

# A summary on GitHub may have a mebibyte. Once expectations have so many characters, the others
# are counted.
_LONG = 400_000
_STYLE = Style(PLAIN)


def check_markdown(told: Told) -> Iterator[str]:
    """The summary as a heading, and a paragraph for each expectation that doesn't simply hold."""
    yield f"### {markdown_cell(summary_line(told))}\n"
    shown = [each for each in told.outcomes if standing(each) is not Standing.OK]
    length = 0
    for at, outcome in enumerate(shown, 1):
        text = "".join(_outcome(outcome, told))
        yield text
        length += len(text)
        if length > _LONG and at < len(shown):
            yield f"\n… and {len(shown) - at} more\n"
            break
    unsure = [each for each in told.outcomes if standing(each) is Standing.OK and each.assumptions]
    for outcome in unsure:
        said = "; ".join((str(outcome.expectation), *remarks(outcome)))
        yield f"\n\\* {markdown_cell(said)}\n"


def _outcome(outcome: Outcome, told: Told) -> Iterator[str]:
    expectation = outcome.expectation
    yield f"\n**{markdown_cell(str(expectation))}**{_place(str(expectation.location))}"
    if expectation.why:
        yield f"  \n{markdown_cell(expectation.why)}"
    said = outcome.reason or outcome.incomplete[0]
    yield f"  \n{markdown_cell(said)}\n"
    if outcome.breaches:
        # Each begins with a word or a name, and so can't end the block.
        lines = "\n".join(breach_lines(outcome, told, _STYLE))
        yield f"\n<details><summary>why, and how to ask</summary>\n\n```text\n{lines}\n```\n\n</details>\n"


def _place(place: str) -> str:
    """In a code span, where no name of a file is markup, a link or a mention."""
    shown = visible(place)
    return f" ({markdown_cell(shown)})" if "`" in shown else f" (`{shown}`)"
