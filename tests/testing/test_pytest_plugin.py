"""The pytest plugin, in projects of its users: each is a folder with a pytest of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

MANIFESTS = """\
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {containers: [{name: c}]}
---
apiVersion: v1
kind: Pod
metadata: {name: db, namespace: shop, labels: {app: db}}
spec: {containers: [{name: c, ports: [{name: sql, containerPort: 5432}]}]}
"""
CLOSED = """\
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: closed, namespace: shop}
spec: {podSelector: {matchLabels: {app: db}}}
"""
SUITE = """\
apiVersion: netsim.dev/v1
kind: Suite
metadata: {name: database, namespace: shop}
expect:
- deny: {from: web, to: db, port: 5432, why: the web has nothing to ask of it}
- allow: {from: db, to: web, port: 80}
- allow: {from: web, to: db, port: sql}
"""
INI = "[pytest]\nnetsim_manifests = manifests\n"


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    """A project with manifests, which its ini file names."""
    folder = pytester.mkdir("manifests")
    (folder / "shop.yaml").write_text(MANIFESTS + CLOSED)
    pytester.makeini(INI)
    return pytester


def write(project: pytest.Pytester, name: str, text: str) -> Path:
    path = project.path / name
    path.write_text(text)
    return path


def run(project: pytest.Pytester, *args: str) -> pytest.RunResult:
    """One run, in a process of its own: in this one modules would be loaded twice."""
    return project.runpytest_subprocess("-p", "no:cacheprovider", "--strict-markers", *args)


def test_each_expectation_is_a_test(project: pytest.Pytester) -> None:
    again = SUITE.replace("name: database", "name: again")
    write(project, "shop.netsim.yaml", SUITE)
    write(project, "two.netsim.yaml", f"{SUITE}---\n{again}")
    write(project, ".off.netsim.yaml", SUITE)
    write(project, "other.yaml", SUITE)
    result = run(project, "-v")
    result.assert_outcomes(passed=6, failed=3)
    result.stdout.fnmatch_lines(
        [
            "shop.netsim.yaml::deny web -> db 5432/tcp PASSED*",
            "shop.netsim.yaml::allow web -> db sql/tcp FAILED*",
            "two.netsim.yaml::database: deny web -> db 5432/tcp PASSED*",
            "two.netsim.yaml::again: deny web -> db 5432/tcp PASSED*",
            "allow web -> db sql/tcp  (shop.netsim.yaml:7:3)",
            "  1 of 1 pair is denied",
            "  deny shop/web -> shop/db 5432/tcp",
            "*shop/closed isolates it and has no ingress rule*(manifests/shop.yaml:*)",
            "    netsim can -f manifests shop/web shop/db 5432",
        ]
    )
    assert "Traceback" not in result.stdout.str()


def test_one_expectation_can_be_chosen(project: pytest.Pytester) -> None:
    write(project, "shop.netsim.yaml", SUITE)
    chosen = "shop.netsim.yaml::deny web -> db 5432/tcp", "shop.netsim.yaml::allow db -> web 80/tcp"
    run(project, *chosen, "-k", "deny").assert_outcomes(passed=1, deselected=1)


FIVE = """\
apiVersion: netsim.dev/v1
kind: Suite
metadata: {name: "NAME", namespace: shop}
expect:
- deny: {from: 'fd00::/8', to: db}
- deny: {from: 'fd00::/8', to: web}
- deny: {from: db, to: web, port: 80}
- deny: {from: db, to: web, port: 80}
- deny: {from: 'fd00::/8', to: web}
"""
FIVE_NAMES = [
    "deny [fd00::/8 -> db any]",
    "deny [fd00::/8 -> web any]",
    "deny db -> web 80/tcp",
    "deny db -> web 80/tcp #2",
    "deny [fd00::/8 -> web any #2]",
]


def test_every_expectation_can_be_chosen_by_its_id(project: pytest.Pytester) -> None:
    write(project, "five.netsim.yaml", FIVE)
    two = f"{FIVE}---\n{FIVE}".replace("NAME", "a::b", 1)
    write(project, "two.netsim.yaml", two)
    chosen = [
        *(f"five.netsim.yaml::{each}" for each in FIVE_NAMES),
        "two.netsim.yaml::[a::b: deny fd00::/8 -> db any]",
        "two.netsim.yaml::[a::b: deny db -> web 80/tcp #2]",
        "two.netsim.yaml::NAME: deny [fd00::/8 -> web any #2]",
    ]
    printed = run(project, "--collect-only", "-q").outlines[:15]
    assert {*chosen} < {*printed}
    assert len({*printed}) == 15
    result = run(project, "-v", *chosen)
    result.assert_outcomes(passed=2, failed=6)
    for each in chosen:
        assert f"\n{each} {'PASSED' if 'db any' in each else 'FAILED'}" in result.stdout.str()


def test_what_failed_last_is_found_again(project: pytest.Pytester) -> None:
    write(project, "five.netsim.yaml", FIVE)
    command = ("-p", "cacheprovider", "--lf", "-v")
    project.runpytest_subprocess(*command).assert_outcomes(passed=1, failed=4)
    again = project.runpytest_subprocess(*command)
    again.assert_outcomes(failed=4)
    for each in FIVE_NAMES[1:]:
        assert f"{each} FAILED" in again.stdout.str()


def test_a_faulty_suite_says_where(project: pytest.Pytester) -> None:
    project.makeini("[pytest]\n")
    write(project, "shop.netsim.yaml", SUITE.replace("from: db", "form: db"))
    write(project, "right.netsim.yaml", SUITE)
    result = run(project, "--continue-on-collection-errors")
    result.assert_outcomes(errors=1, failed=3)
    result.stdout.fnmatch_lines(
        [
            "shop.netsim.yaml:6:11: expect?1?.allow.form: unknown field `form`",
            "  help: did you mean `from`?",
            "no manifests are given*",
            "*netsim_manifests = manifests/",
        ]
    )
    assert "Traceback" not in result.stdout.str()


def test_faulty_manifests_say_where(project: pytest.Pytester) -> None:
    write(project, "manifests/bad.yaml", "kind: Pod\napiVersion: v1\nmetadata: {nmae: x}\n")
    write(project, "shop.netsim.yaml", SUITE)
    result = run(project, "-k", "sql")
    result.assert_outcomes(failed=1, deselected=2)
    result.stdout.fnmatch_lines(["manifests/bad.yaml:3:12: metadata.nmae: unknown field `nmae`*"])


def test_a_failing_question_is_explained(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        def test_web(netsim_program):
            assert netsim_program.allows("shop/db", "shop/web", 80)
            assert netsim_program.allows("shop/web", "shop/db", 5432)

        def test_all(netsim_program):
            assert all(netsim_program.allows("shop/web", each, 80) for each in ("shop/db", "shop/web"))

        def test_verdict(netsim_program):
            assert netsim_program.verdict("shop/web", "shop/db", 5432).allowed

        def test_something_else(netsim_program):
            assert 1 == 2
        """
    )
    result = run(project)
    result.assert_outcomes(failed=4)
    result.stdout.fnmatch_lines(
        [
            "*where allows = <Program of 2 pods and 1 policies>.allows",
            "*the last answer of netsim*",
            "deny shop/web -> shop/db 5432/tcp",
            "*shop/closed isolates it and has no ingress rule*",
            "*where False = <deny shop/web -> shop/db 5432/tcp: ingress: isolated*>.allowed",
        ]
    )
    assert result.stdout.str().count("the last answer of netsim") == 3


def test_a_question_without_an_answer_is_an_ordinary_failure(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        import netsim
        import pytest

        def test_name(netsim_program):
            assert netsim_program.allows("shop/nope", "shop/db", 5432)

        def test_port(netsim_program):
            assert netsim_program.verdict("shop/web", "shop/db", "99999").allowed

        def test_type(netsim_program):
            assert netsim_program.allows("shop/web", None, 5432)

        def test_caught(netsim_program):
            assert netsim_program.allows("shop/db", "shop/web", 80)
            with pytest.raises(netsim.QueryError):
                netsim_program.allows("shop/nope", "shop/db", 5432)
            assert 1 == 2

        def test_after_them(netsim_program):
            assert netsim_program.allows("shop/db", "shop/web", 80)
        """
    )
    result = run(project)
    result.assert_outcomes(failed=4, passed=1)
    result.stdout.fnmatch_lines(["E *QueryError: there is no pod or workload `nope` in*"])
    assert "the last answer of netsim" not in result.stdout.str()


def test_the_marker_names_other_manifests(project: pytest.Pytester) -> None:
    write(project, "open.yaml", MANIFESTS)
    project.makeini(f"{INI}netsim_profile = cilium\nnetsim_set = icmp=allow\n")
    project.makepyfile(
        """
        import pytest

        ASKED = "shop/web", "shop/db", 5432

        @pytest.fixture(scope="session")
        def answer(netsim_program):
            return netsim_program.allows(*ASKED)

        def test_usual(answer, netsim_snapshot):
            assert not answer and netsim_snapshot.policies

        @pytest.mark.netsim("open.yaml")
        def test_other(answer, netsim_snapshot):
            assert answer and not netsim_snapshot.policies

        @pytest.mark.netsim("open.yaml")
        class TestAll:
            def test_one(self, netsim_program):
                assert netsim_program.allows(*ASKED)

        def test_options(netsim_snapshot):
            assert netsim_snapshot.semantics.icmp == "allow"
            assert not netsim_snapshot.semantics.ipblock_matches_pods
        """
    )
    run(project).assert_outcomes(passed=4)


def test_a_marker_with_keywords_is_refused(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        import pytest

        @pytest.mark.netsim(manifests="nowhere")
        def test_misused(netsim_program):
            pass

        def test_usual(netsim_program):
            pass
        """
    )
    result = run(project)
    result.assert_outcomes(errors=1, passed=1)
    result.stdout.fnmatch_lines(
        ["@pytest.mark.netsim is given paths, as in *, and takes no `manifests=`"]
    )
    assert "Traceback" not in result.stdout.str()


def test_tests_may_be_spread(project: pytest.Pytester) -> None:
    write(project, "shop.netsim.yaml", SUITE)
    project.makepyfile("def test_one(netsim_program): assert netsim_program.tables")
    run(project, "-n2").assert_outcomes(passed=3, failed=1)


def test_the_plugin_can_be_left_out(project: pytest.Pytester) -> None:
    write(project, "shop.netsim.yaml", SUITE)
    project.makepyfile("def test_one(): pass")
    run(project, "-p", "no:netsim").assert_outcomes(passed=1)


def test_nothing_heavy_is_loaded_where_it_is_not_used(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        import sys

        def test_one():
            loaded = {name for name in sys.modules if name.startswith("netsim")}
            assert loaded == {"netsim", "netsim.testing", "netsim.testing.pytest_plugin"}
            assert not {"numpy", "networkx", "yaml", "hypothesis"} & sys.modules.keys()
        """
    )
    run(project, "-p", "no:hypothesispytest").assert_outcomes(passed=1)
