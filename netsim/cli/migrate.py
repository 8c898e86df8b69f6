"""`netsim migrate`: policies of an API that is given up, written for the one that follows it."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

import click

from netsim.changes.diff import diff
from netsim.cli.options import (
    effective,
    filename_option,
    paths,
    profile_of,
    profile_option,
    semantics_of,
    set_option,
)
from netsim.cli.output import complain_in_full, palette
from netsim.cli.output_file import write_file, write_parts
from netsim.cli.progress import stage
from netsim.cli.remarks import tell
from netsim.cli.settings import of_flags
from netsim.dialects.tiers.syntax import TierPolicy
from netsim.errors import query_error
from netsim.manifests.load import load
from netsim.manifests.migration import OLD_KINDS, Migrated, is_same_walk, migrated, with_migrated
from netsim.model.inventory import Key
from netsim.model.snapshot import Snapshot
from netsim.report.context import Context
from netsim.report.diff_formats import DIFF
from netsim.report.diff_told import Told
from netsim.source.files import STDIN, InputFile, find_files
from netsim.source.origin import FileOrigin
from netsim.testing.documents import manifest_of
from netsim.testing.yaml_text import yaml_text

Manifest = dict[str, Any]

_NAME = "<migrated>"


@dataclass(frozen=True, slots=True)
class _Old:
    """A policy of the old API, as it was read and as it is written."""

    policy: TierPolicy
    manifest: Manifest

    @property
    def key(self) -> Key:
        return self.policy.kind, self.policy.namespace, self.policy.name


@click.command("migrate")
@click.option(
    "--to", type=click.Choice(["v1alpha2"]), required=True, help="The version to migrate to."
)
@filename_option
@click.option("--output-file", metavar="FILE", help="Write all policies there.")
@click.option("--output-dir", metavar="DIR", help="Write there a file for each policy.")
@set_option
@profile_option
def command(
    to: str,
    filename: tuple[str, ...],
    output_file: str | None,
    output_dir: str | None,
    set_: tuple[str, ...],
    profile: str | None,
) -> int:
    """Write AdminNetworkPolicy and BaselineAdminNetworkPolicy as ClusterNetworkPolicy.

    The new policies go to stdout, or to where --output-file or --output-dir says; everything else
    in the manifests stays as it is, and no file of theirs is written. Then the cluster with the new
    policies is compared with the cluster as it was: `no change in reachability`, or what the APIs
    force to be other.

    \b
    netsim migrate --to v1alpha2 -f old/ > new.yaml
    netsim migrate --to v1alpha2 -f manifests/ --output-dir policies/

    An AdminNetworkPolicy gets tier Admin and keeps its priority. The BaselineAdminNetworkPolicy
    gets tier Baseline and priority 1000, the last, as others can then be put before it. Where
    v1alpha2 has less room (25 rules, 25 peers, 25 ports) a rule becomes several, and a policy
    several with the next priorities, if no other policy has these. Comments are not taken over.

    Exit status: 0 no change in reachability, 1 a change, 2 trouble.
    """
    if output_file and output_dir:
        raise click.UsageError("give --output-file or --output-dir, not both")
    settings = effective(of_flags(filename, profile, set_))
    manifests = paths(settings, "migrate")
    _refuse_input(output_file, manifests)
    context = Context(semantics_of(settings), profile_of(settings))
    with stage("reading manifests"):
        before = load(*manifests, semantics=context.semantics)
    complain_in_full(before.diagnostics)
    old = list(_old(before))
    if not old:
        _say(["there is no AdminNetworkPolicy and no BaselineAdminNetworkPolicy: nothing to do"])
        return 0
    found = migrated([(each.policy, each.manifest) for each in old], _others(before))
    text = "---\n".join(map(yaml_text, found.manifests))
    after = with_migrated(before, [each.key for each in old], text, _NAME)
    _write(found, text, output_file, output_dir)
    complain_in_full(found.notes)
    _say(_remarks(old, found))
    tell(context.profile, (), (), ())
    return _prove(before, after, context, sys.stdout if output_file or output_dir else sys.stderr)


def _refuse_input(output_file: str | None, manifests: Iterable[str]) -> None:
    """Raises QueryError if a file that is read would be written: all else in it would be lost."""
    if output_file is None or not Path(output_file).exists():
        return
    files = (each for each in find_files(manifests) if isinstance(each, InputFile))
    if any(Path(output_file).samefile(each.path) for each in files if each.path != STDIN):
        help = "give another file, and take the old policies out of this one by hand"
        raise query_error(f"`{output_file}` is one of the manifests", help=help)


def _old(snapshot: Snapshot) -> Iterator[_Old]:
    for policy in snapshot.policies:
        if isinstance(policy, TierPolicy) and policy.kind in OLD_KINDS:
            manifest = manifest_of(policy.origin)
            assert manifest is not None, "a policy that was loaded is written somewhere"
            yield _Old(policy, manifest)


def _others(snapshot: Snapshot) -> list[TierPolicy]:
    return [
        each
        for each in snapshot.policies
        if isinstance(each, TierPolicy) and each.kind not in OLD_KINDS
    ]


def _write(found: Migrated, text: str, output_file: str | None, output_dir: str | None) -> None:
    """Raises QueryError if a file is there already, OSError if one can't be written."""
    if output_dir is None:
        write_parts([text], output_file)
        return
    folder = Path(output_dir)
    files = {folder / _file_name(each): each for each in found.manifests}
    if there := [path for path in files if path.exists()]:
        help = "give a folder that has no such file"
        raise query_error(f"`{there[0]}` is there already: nothing was written", help=help)
    folder.mkdir(parents=True, exist_ok=True)
    for path, manifest in files.items():
        write_file(path, [yaml_text(manifest)])


def _file_name(manifest: Manifest) -> str:
    metadata = manifest["metadata"]
    name = metadata.get("name") or metadata["generateName"].rstrip("-")
    return f"{name}.yaml"


def _remarks(old: Sequence[_Old], found: Migrated) -> Iterator[str]:
    admin = sum(each.policy.kind == OLD_KINDS[0] for each in old)
    kinds = [
        f"{number} {kind}"
        for number, kind in ((admin, OLD_KINDS[0]), (len(old) - admin, OLD_KINDS[1]))
        if number
    ]
    yield f"{' and '.join(kinds)} became {len(found.manifests)} ClusterNetworkPolicy"
    commented = [each for each in old if _has_comments(each.policy)]
    if commented:
        place = commented[0].policy.origin.locate()
        others = f" and {len(commented) - 1} more" if len(commented) > 1 else ""
        yield f"comments are not taken over: {place}{others}"


def _has_comments(policy: TierPolicy) -> bool:
    if not isinstance(policy.origin, FileOrigin):
        return False
    lines = policy.origin.chunk.text.splitlines()
    return any(line.lstrip().startswith("#") or " # " in line for line in lines)


def _say(lines: Iterable[str]) -> None:
    for line in lines:
        print(line, file=sys.stderr)


def _prove(before: Snapshot, after: Snapshot, context: Context, stream: TextIO) -> int:
    """Say what is other, and whether anything is."""
    if not any(not pod.finished for pod in before.pods):
        return _prove_by_rules(before, after, stream)
    with stage("comparing"):
        difference = diff(before, after)
        different = bool(difference)
    if different:
        told = Told(difference, "as it was", "migrated", context=context)
        stream.writelines(DIFF["text"](told, palette(stream)))
        return 1
    stream.write("no change in reachability\n")
    return 0


def _prove_by_rules(before: Snapshot, after: Snapshot, stream: TextIO) -> int:
    """Without pods there is nothing to compare, but for what is asked and in which order."""
    if is_same_walk(before, after):
        stream.write("no change in reachability, whatever pods there are: the rules are the same\n")
        return 0
    stream.write(
        "the rules are asked in another order, and there is no pod to say what that changes: "
        "give the cluster, too\n"
    )
    return 1
