"""Endpoint texts: the whole grammar of DESIGN 3a, in one cluster."""

from __future__ import annotations

import pytest
from builders import cluster, namespace, node, pod, workload

from netsim import QueryError, Snapshot
from netsim.model.cluster import Node, Pod
from netsim.model.directory import Directory
from netsim.model.flow import Domain

OWNED = """
apiVersion: v1
kind: Pod
metadata:
  name: roll-1
  namespace: shop
  labels: {app: roll}
  ownerReferences: [{apiVersion: argoproj.io/v1alpha1, kind: Rollout, name: roll, uid: u, controller: true}]
spec: {containers: [{name: c}]}
"""
SNAPSHOT = cluster(
    namespace("shop", "{env: prod}"),
    namespace("data", "{env: prod}"),
    namespace("job", "{env: dev}"),
    node("n1", "192.168.0.1"),
    pod("shop/frontend", "{app: web}", ip="10.0.1.1 fd00::1"),
    pod("shop/old", "{app: web}", status="phase: Failed"),
    pod("shop/agent", "{app: agent}", ip="192.168.0.1", spec="hostNetwork: true, nodeName: n1"),
    pod("data/here", spec="nodeName: n7", status="phase: Running, hostIP: 192.168.0.7"),
    workload("shop/api", "{app: api}", spec="replicas: 3"),
    workload("data/api", "{app: api}"),
    workload("data/pg", "{app: pg}", kind="StatefulSet", spec="replicas: 2"),
    workload("data/both", "{app: both}"),
    workload("data/both", "{app: both}", kind="Job", pod_spec="restartPolicy: Never"),
    workload("data/zero", "{app: zero}", spec="replicas: 0"),
    workload("job/node", "{app: each}", kind="DaemonSet"),
    OWNED,
)
DIRECTORY = Directory(SNAPSHOT)


def names(text: str, where: str = "") -> list[str]:
    named = DIRECTORY.find(text, where)
    return [str(item) for item in (*named.members, *named.ranges)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("shop/frontend", ["shop/frontend"]),
        ("shop/pod/frontend", ["shop/frontend"]),
        ("shop/po/frontend", ["shop/frontend"]),
        ("shop/api", ["shop/deployment/api"]),
        ("shop/deploy/api", ["shop/deployment/api"]),
        ("shop/Deployment/api", ["shop/deployment/api"]),
        ("shop/deployments/api", ["shop/deployment/api"]),
        ("data/pg", ["data/pg-0", "data/pg-1"]),
        ("data/sts/pg", ["data/pg-0", "data/pg-1"]),
        ("data/pg-1", ["data/pg-1"]),
        ("data/deploy/both", ["data/deployment/both"]),
        ("data/job/both", ["data/job/both"]),
        ("job/ds/node", ["job/daemonset/node"]),
        ("shop/rollout/roll", ["shop/roll-1"]),
        ("shop/roll", ["shop/roll-1"]),
        ("frontend", ["shop/frontend"]),
        ("deploy/both", ["data/deployment/both"]),
        ("sts/pg", ["data/pg-0", "data/pg-1"]),
        # `job` is a namespace here, so it isn't the kind.
        ("job/node", ["job/daemonset/node"]),
        ("node/n1", ["node/n1"]),
        ("nodes/n1", ["node/n1"]),
        ("no/n7", ["node/n7"]),
        ("shop/{app=web}", ["shop/frontend"]),
        ("{app=api}", ["data/deployment/api", "shop/deployment/api"]),
        ("{app in (web,pg),!legacy}", ["data/pg-0", "data/pg-1", "shop/frontend"]),
        ("ns{env=prod}/{app=api}", ["data/deployment/api", "shop/deployment/api"]),
        ("ns{env!=prod}/*", ["job/daemonset/node"]),
        ("shop/*", ["shop/agent", "shop/deployment/api", "shop/frontend", "shop/roll-1"]),
        ("*/{app=pg}", ["data/pg-0", "data/pg-1"]),
        ("203.0.113.7", ["203.0.113.7"]),
        ("203.0.113.7/32", ["203.0.113.7"]),
        ("2001:DB8::1", ["2001:db8::1"]),
        ("203.0.113.0/24", ["203.0.113.0/24"]),
        ("10.0.1.1", ["shop/frontend"]),
        ("fd00::1", ["shop/frontend"]),
        ("192.168.0.1", ["node/n1"]),
        ("192.168.0.7", ["node/n7"]),
        ("10.0.0.0/8", ["shop/frontend", "10.0.0.0/8"]),
        ("external", ["0.0.0.0/0", "::/0"]),
        ("new:shop/{app=new,tier=x}", ["shop/{app=new,tier=x}"]),
        ("new:shop/{}", ["shop/{}"]),
    ],
)
def test_what_a_text_stands_for(text: str, expected: list[str]) -> None:
    assert sorted(names(text)) == sorted(expected)


def test_all_pods_are_all_that_run() -> None:
    running = [pod for pod in SNAPSHOT.pods if not pod.finished]
    assert DIRECTORY.find("*").members == DIRECTORY.find("*/*").members == tuple(running)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("api", ["shop/deployment/api"]),
        ("deploy/api", ["shop/deployment/api"]),
        ("data/api", ["data/deployment/api"]),
        ("{app=web}", ["shop/frontend"]),
        ("ns{env=dev}/*", ["job/daemonset/node"]),
        ("new:{app=x}", ["shop/{app=x}"]),
        ("node/n1", ["node/n1"]),
    ],
)
def test_with_a_namespace_for_texts_that_give_none(text: str, expected: list[str]) -> None:
    assert names(text, "shop") == expected


@pytest.mark.parametrize(
    ("text", "message", "help"),
    [
        ("shop/frontnd", "there is no pod or workload `frontnd` in namespace `shop`", "did you mean `shop/frontend`?"),
        ("shop/ap", "there is no pod or workload `ap` in namespace `shop`", "did you mean `shop/api`?"),
        ("shop/pg", "there is no pod or workload `pg` in namespace `shop`", "did you mean `data/pg`?"),
        ("shp/api", "`shp` is neither a namespace nor a kind", "did you mean `shop`?"),
        ("shp/deploy/api", "there is no namespace `shp`", "did you mean `shop`?"),
        ("shop/deplyment/api", "there is no kind `deplyment`", "did you mean `deployment`?"),
        ("shop/sts/api", "there is no statefulset `api` in namespace `shop`", ""),
        ("frontnd", "there is no pod or workload `frontnd`", "did you mean `frontend`?"),
        ("api", "`api` names 2 things", "write `data/deployment/api` or `shop/deployment/api`"),
        ("data/both", "`both` names 2 things", "write `data/deployment/both` or `data/job/both`"),
        ("data/zero", "`data/deployment/zero` has no pods: it has 0 replicas or is suspended", ""),
        ("node/n2", "there is no node `n2`", "there are `node/n1`, `node/n7`"),
        ("shop/{app=nobody}", "no running pod matches `shop/{app=nobody}`", "`app=api`"),
        ("ns{env=none}/*", "no running pod matches `ns{env=none}/*`", ""),
        ("none/{app=web}", "there is no namespace `none`", ""),
        ("new:{app=x}", "`new:{app=x}` gives no namespace", "new:shop/{app=web}"),
        ("new:none/{app=x}", "there is no namespace `none`", ""),
        ("svc:shop/api", "questions about a Service (`shop/api`) are not answered yet", ""),
        ("service:shop/api", "questions about a Service (`shop/api`) are not answered yet", ""),
        ("shop/svc/api", "questions about a Service (`api`) are not answered yet", ""),
        ("10.0.0.5/8", "`10.0.0.5/8` is neither an address nor a CIDR", "did you mean `10.0.0.0/8`, or `10.0.0.5` alone?"),
        ("10.0.0.0/255.0.0.0", "`10.0.0.0/255.0.0.0` is neither an address nor a CIDR", ""),
        ("256.0.0.1", "`256.0.0.1` is neither an address nor a CIDR", "for example 203.0.113.7"),
        ("fe80::1%eth0", "`fe80::1%eth0` is neither an address nor a CIDR", ""),
        ("::ffff:10.0.0.1", "`::ffff:10.0.0.1` is neither an address nor a CIDR", "write an IPv4 address in IPv4 form"),
        ("127.0.0.1", "`127.0.0.1` never leaves a pod: no policy sees it", ""),
        ("", "`` is not an endpoint", ""),
        ("a/b/c/d", "`a/b/c/d` is not an endpoint", ""),
        ("shop/", "`shop/` is not an endpoint", ""),
        ("/api", "`/api` is not an endpoint", ""),
        ("{app=web", "`{app=web` is not an endpoint", ""),
        ("new:shop/*", "`new:shop/*` is not an endpoint", ""),
        ("new:shop/{app}", "`{app}` is not labels: `app` doesn't give one value", ""),
        ("shop/{app>1}", "`{app>1}` is not a selector: `app>1` is no requirement", ""),
    ],
)  # fmt: skip
def test_what_is_refused(text: str, message: str, help: str) -> None:
    with pytest.raises(QueryError) as caught:
        DIRECTORY.find(text)
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.message == message
    assert help in diagnostic.help


def test_where_the_input_has_no_nodes_it_says_so() -> None:
    with pytest.raises(QueryError) as caught:
        Directory(cluster(pod("a/p"))).find("node/n1")
    assert "kubectl get nodes" in caught.value.diagnostics[0].help


def test_a_workload_text_is_known_to_be_one() -> None:
    assert str(DIRECTORY.find("shop/api").workload) == "shop/deployment/api"
    assert DIRECTORY.find("data/pg-1").workload is None
    assert DIRECTORY.find("{app=api}").workload is None


class TestNP42Owners:
    """The index of addresses agrees with the reference, which walks the pods and nodes."""

    def test_every_address(self) -> None:
        from netsim.reference.ends import owner_of

        assert DIRECTORY.owned()
        for address in DIRECTORY.owned():
            assert DIRECTORY.owner_of(address) == owner_of(SNAPSHOT, address)

    def test_an_owner_has_that_address_alone(self) -> None:
        from ipaddress import ip_address

        owner = DIRECTORY.owner_of(ip_address("fd00::1"))
        assert isinstance(owner, Pod)
        assert owner.addresses == (ip_address("fd00::1"),)

    def test_pods_come_before_nodes_and_finished_ones_have_none(self) -> None:
        from ipaddress import ip_address

        snapshot: Snapshot = cluster(
            node("n1", "10.0.0.1"),
            pod("a/done", ip="10.0.0.1", status="phase: Failed"),
            pod("a/host", ip="10.0.0.1", spec="hostNetwork: true, nodeName: n1"),
        )
        assert isinstance(Directory(snapshot).owner_of(ip_address("10.0.0.1")), Node)


class TestANP17DnsNames:
    """A name with dots that is no pod's and no workload's is what is outside, under that name."""

    DIRECTORY = Directory(
        cluster(
            namespace("shop"),
            namespace("data"),
            node("n1", "192.168.0.1"),
            pod("shop/web.v1", ip="10.0.1.1"),
            pod("data/cache.v1"),
            pod("shop/cache.v1"),
            workload("data/api.example.org"),
        )
    )

    def found(self, text: str, where: str = "") -> list[str]:
        return list(map(str, self.DIRECTORY.find(text, where).members))

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("api.example.com", "api.example.com"),
            ("API.Example.com.", "api.example.com"),
            ("example.com", "example.com"),
            ("_x.a_b.example.com", "_x.a_b.example.com"),
            ("a._X.example.com.", "a._x.example.com"),
            ("_x.example.com@203.0.113.7", "_x.example.com@203.0.113.7"),
            ("x_.example.com", None),
            ("_x", None),
            ("_x/a.example.com", None),
            ("a_b.example.com", "a_b.example.com"),
            ("api.example.com@203.0.113.7", "api.example.com@203.0.113.7"),
            ("Api.Example.com.@2001:DB8::1", "api.example.com@2001:db8::1"),
            ("api.example.org@203.0.113.7", "api.example.org@203.0.113.7"),
            # Of the cluster
            ("web.v1", "shop/web.v1"),
            ("api.example.org", "data/deployment/api.example.org"),
            ("web.v1.", "web.v1"),
            ("Web.v1", "web.v1"),
        ],
    )
    def test_what_a_text_stands_for(self, text: str, expected: str | None) -> None:
        if expected is None:
            with pytest.raises(QueryError, match="is not an endpoint"):
                self.found(text)
        else:
            assert self.found(text) == [expected]
            member = self.DIRECTORY.find(text).members[0]
            assert isinstance(member, Domain) is ("/" not in expected)

    def test_with_a_namespace(self) -> None:
        assert self.found("cache.v1", "shop") == ["shop/cache.v1"]
        assert self.found("api.example.com", "shop") == ["api.example.com"]

    @pytest.mark.parametrize(
        ("text", "where", "message", "help"),
        [
            # What a pod is called is no DNS name, though it be meant of another namespace
            ("web.v1", "data", "there is no pod or workload `web.v1` in namespace `data`", "did you mean `shop/web.v1`?"),
            ("cache.v1", "", "`cache.v1` names 2 things", "write `data/cache.v1` or `shop/cache.v1`"),
            ("shop/api.example.com", "", "there is no pod or workload `api.example.com` in namespace `shop`", ""),
            ("api.example.com", "none", "there is no namespace `none`", ""),
            ("*.example.com", "", "`*.example.com` stands for many names", "ask about one name, such as `www.example.com`"),
            ("*.example.com@203.0.113.7", "", "`*.example.com` stands for many names", ""),
            ("api@203.0.113.7", "", "`api@203.0.113.7` is not an endpoint", "api.example.com"),
            ("203.0.113.7@203.0.113.7", "", "`203.0.113.7@203.0.113.7` is not an endpoint", ""),
            ("api.example.com@", "", "`` is not an address", "api.example.com@203.0.113.7"),
            ("api.example.com@10.0.0.0/8", "", "`10.0.0.0/8` is not an address", ""),
            ("api.example.com@n1", "", "`n1` is not an address", ""),
            ("api.example.com@127.0.0.1", "", "`127.0.0.1` never leaves a pod: no policy sees it", ""),
            (f"{'a' * 64}.example.com@10.0.0.1", "", f"`{'a' * 64}.example.com@10.0.0.1` is not an endpoint", ""),
        ],
    )  # fmt: skip
    def test_what_is_refused(self, text: str, where: str, message: str, help: str) -> None:
        with pytest.raises(QueryError) as caught:
            self.DIRECTORY.find(text, where)
        (diagnostic,) = caught.value.diagnostics
        assert diagnostic.message == message
        assert help in diagnostic.help

    def test_one_that_is_much_like_a_pod_is_remarked_on(self) -> None:
        assert self.DIRECTORY.find("web.v2").note == (
            "`web.v2` is taken for a DNS name: no pod or workload is called so, but `web.v1`"
        )
        assert self.DIRECTORY.find("web.v2", "data").note == ""
        assert self.DIRECTORY.find("www.netsim.dev").note == ""
        assert self.DIRECTORY.find("web.v2@203.0.113.7").note == ""

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("a.example.com@10.0.1.1", "shop/web.v1"),
            ("a.example.com@192.168.0.1", "node/n1"),
            ("a.example.com@203.0.113.7", "a.example.com@203.0.113.7"),
            ("a.example.com", "a.example.com"),
            ("shop/web.v1", "shop/web.v1"),
        ],
    )
    def test_who_is_behind_it(self, text: str, expected: str) -> None:
        (member,) = self.DIRECTORY.find(text).members
        assert str(self.DIRECTORY.behind(member)) == expected
