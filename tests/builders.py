"""Small manifests in few words, for tests of what they mean.

cluster(pod("a/web", ip="10.0.1.1"), policy("a", "{podSelector: {}}"))
"""

from __future__ import annotations

import netsim
from netsim import Semantics, Snapshot, Verdict


def cluster(*manifests: str, **options: object) -> Snapshot:
    """The snapshot of these manifests, under these options of `Semantics`."""
    return netsim.loads("\n---\n".join(manifests), semantics=Semantics(**options))  # type: ignore[arg-type]


def asked(
    snapshot: Snapshot, source: str, destination: str, port: int | str = 80, **how: str
) -> Verdict:
    return netsim.can(snapshot, source, destination, port, **how)


def allowed(
    snapshot: Snapshot, source: str, destination: str, port: int | str = 80, **how: str
) -> bool:
    return asked(snapshot, source, destination, port, **how).allowed


def namespace(name: str, labels: str = "{}") -> str:
    return f"apiVersion: v1\nkind: Namespace\nmetadata: {{name: {name}, labels: {labels}}}"


def node(name: str, *addresses: str) -> str:
    listed = ", ".join(f"{{type: InternalIP, address: '{address}'}}" for address in addresses)
    status = f"status: {{addresses: [{listed}]}}"
    return f"apiVersion: v1\nkind: Node\nmetadata: {{name: {name}}}\n{status}"


def pod(
    name: str,
    labels: str = "{}",
    *,
    ip: str = "",
    ports: str = "[]",
    sidecar_ports: str = "",
    init_ports: str = "",
    spec: str = "",
    status: str = "phase: Running",
) -> str:
    """`name` is `namespace/name`; `ip` may hold two addresses, `a b`; `spec` is further fields."""
    where, _, called = name.partition("/")
    init = [
        f"{{name: i{index}, ports: {declared}{restart}}}"
        for index, (declared, restart) in enumerate(
            [(sidecar_ports, ", restartPolicy: Always"), (init_ports, "")]
        )
        if declared
    ]
    ips = ", ".join(f"{{ip: '{address}'}}" for address in ip.split())
    return f"""
apiVersion: v1
kind: Pod
metadata: {{name: {called}, namespace: {where}, labels: {labels}}}
spec: {{containers: [{{name: c, ports: {ports}}}], initContainers: [{", ".join(init)}], {spec}}}
status: {{podIPs: [{ips}], {status}}}
"""


def workload(
    name: str,
    labels: str = "{app: x}",
    *,
    kind: str = "Deployment",
    ports: str = "[]",
    spec: str = "",
    pod_spec: str = "",
) -> str:
    """`name` is `namespace/name`; `spec` is further fields of it, `pod_spec` of its template's."""
    where, _, called = name.partition("/")
    version = "batch/v1" if kind == "Job" else "apps/v1"
    selector = "" if kind == "Job" else f"selector: {{matchLabels: {labels}}}, "
    template_spec = f"{{containers: [{{name: c, ports: {ports}}}], {pod_spec}}}"
    return f"""
apiVersion: {version}
kind: {kind}
metadata: {{name: {called}, namespace: {where}}}
spec: {{{selector}template: {{metadata: {{labels: {labels}}}, spec: {template_spec}}}, {spec}}}
"""


def policy(where: str, spec: str, name: str = "p") -> str:
    """A NetworkPolicy in namespace `where`; `spec` is YAML, in flow style or indented."""
    return f"""
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: {name}, namespace: {where}}}
spec: {spec}
"""


def cluster_policy(
    spec: str, name: str = "p", *, tier: str = "Admin", priority: int = 10, subject: str = "{}"
) -> str:
    """A ClusterNetworkPolicy; `spec` is its rules in flow style, `subject` a namespace selector."""
    head = f"tier: {tier}, priority: {priority}, subject: {{namespaces: {subject}}}"
    return f"""
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {{name: {name}}}
spec: {{{head}, {spec}}}
"""
