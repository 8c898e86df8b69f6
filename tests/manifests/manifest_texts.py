"""Short ways to write manifests in tests, and to read what netsim says of them."""

from __future__ import annotations

from netsim import Diagnostic, InputError, Semantics, Snapshot, loads
from netsim.errors import Severity

PLAIN = Semantics()


def read(text: str, semantics: Semantics = PLAIN, *, keep_going: bool = False) -> Snapshot:
    """The snapshot of `text`."""
    return loads(text, semantics=semantics, keep_going=keep_going)


def errors(text: str) -> list[str]:
    """Every error in `text`, as `line:column: path: Type: message`."""
    try:
        read(text)
    except InputError as error:
        return [_line(item) for item in error.diagnostics]
    return []


def remarks(text: str, severity: Severity, semantics: Semantics = PLAIN) -> list[str]:
    """The warnings or notes on a valid text, in the same form."""
    found = read(text, semantics).diagnostics
    return [_line(item) for item in found if item.severity is severity]


def _line(item: Diagnostic) -> str:
    place = f"{item.location.line}:{item.location.column}" if item.location else "-"
    return f"{place}: {item.path}: {item.type}: {item.message}"


def pod(name: str = "p", spec: str = "containers: [{name: c}]", more: str = "") -> str:
    """A Pod of namespace `a`; `more` are lines of its own at the top level."""
    return f"""
apiVersion: v1
kind: Pod
metadata: {{name: {name}, namespace: a}}
spec: {{{spec}}}
{more}
"""


def workload(
    kind: str,
    spec: str = "",
    *,
    name: str = "w",
    labels: str = "{app: w}",
    pod_spec: str = "containers: [{name: c}]",
    more_metadata: str = "",
) -> str:
    """A workload of namespace `a` whose selector, where it needs one, is that of its labels."""
    group = {"ReplicationController": "v1", "Job": "batch/v1"}.get(kind, "apps/v1")
    selector = {
        "Job": "",
        "ReplicationController": f"selector: {labels}, ",
    }.get(kind, f"selector: {{matchLabels: {labels}}}, ")
    return f"""
---
apiVersion: {group}
kind: {kind}
metadata: {{name: {name}, namespace: a{more_metadata}}}
spec: {{{selector}template: {{metadata: {{labels: {labels}}}, spec: {{{pod_spec}}}}}, {spec}}}
"""


def cron_job(spec: str = "", job_spec: str = "", *, name: str = "w") -> str:
    """A CronJob of namespace `a`."""
    return f"""
---
apiVersion: batch/v1
kind: CronJob
metadata: {{name: {name}, namespace: a}}
spec:
  schedule: "@daily"
  {spec}
  jobTemplate:
    spec:
      {job_spec}
      template: {{metadata: {{labels: {{app: w}}}}, spec: {{containers: [{{name: c}}]}}}}
"""
