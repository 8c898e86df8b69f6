"""Documents of kinds that hold nothing for netsim are counted, and not even parsed."""

from __future__ import annotations

import pytest

from netsim.source.documents import read_text

NOT_YAML = "data: [\n"  # whoever parses this complains


@pytest.mark.parametrize(
    "line",
    [
        "kind: ConfigMap",
        "kind:   Secret   ",
        'kind: "ClusterRole"',
        "kind: 'PersistentVolumeClaim'",
        "kind: Event  # of old",
        "kind: CustomResourceDefinition\r",
    ],
)
def test_skipped(line: str) -> None:
    for text in (f"{line}\n{NOT_YAML}", f"apiVersion: v1\n{line}\n{NOT_YAML}"):
        reading = read_text(text)
        (count,) = reading.skipped.values()
        assert (count, reading.documents, reading.diagnostics) == (1, (), ())


def test_counted_by_kind() -> None:
    text = "kind: Secret\n---\nkind: Role\n---\nkind: Secret\n---\nkind: Pod\n"
    reading = read_text(text)
    assert dict(reading.skipped) == {"Secret": 2, "Role": 1}
    assert [document.value for document in reading.documents] == [{"kind": "Pod"}]


@pytest.mark.parametrize(
    "text",
    [
        "kind: NetworkPolicy\n",
        "kind: configmap\n",
        "metadata:\n  kind: Secret\n",
        "spec: |\n  x\n  kind: Secret\n",
        "kind: Secret\nkind: NetworkPolicy\n",
        "kind: NetworkPolicy\nkind: Secret\n",
        '{\nkind: Secret\n}\n',
        '"kind": NetworkPolicy\nkind: Secret\n',
        "'kind': NetworkPolicy\nkind: Secret\n",
        "? kind\n: NetworkPolicy\nkind: Secret\n",
        "x: &x {kind: NetworkPolicy}\n<<: *x\nkind: Secret\n",
        'a: "\n\nkind: Secret\n\n"\n"kind": NetworkPolicy\n',
        "{{- if .x }}\nkind: Secret\n{{- end }}\n",
        '{"kind": "Secret"}',
    ],
)  # fmt: skip
def test_parsed_where_a_line_does_not_show_the_kind(text: str) -> None:
    reading = read_text(text)
    assert reading.skipped == {}
    assert reading.documents or reading.diagnostics
