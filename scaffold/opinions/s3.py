"""S3: providers and modules are pinned, and the lock file is committed.

`terraform init` writes the lock file. That it is not there yet breaks nothing; that git is told to ignore it does.
"""

import re
from collections.abc import Iterator

from scaffold.evaluate.constraints import NEVER, bounds, names_minor
from scaffold.evaluate.root import Place, Root
from scaffold.facts import Facts
from scaffold.facts.settings import Requirement, Settings, applied
from scaffold.hcl import Block, Module
from scaffold.opinions.judging import broken, kept, unknown
from scaffold.opinions.opinion import Judgement, Opinion
from scaffold.repository.model import Repository
from scaffold.workspace.ignore import ignoring_line

LOCK_FILE = ".terraform.lock.hcl"

_BUILT_IN = "terraform"
_REGISTRY = re.compile(r"(?:[\w-]+(?:\.[\w-]+)+(?::\d+)?/)?[\w-]+/[\w-]+/[\w-]+(?://.*)?\Z")
_GIT = re.compile(r"git::|git@|(?:github\.com|bitbucket\.org)/|[^?]*\.git(?:[/?]|\Z)")
_REF = re.compile(r"[?&]ref=([^&]+)")
_BRANCHES = frozenset({"HEAD", "develop", "main", "master", "trunk"})


def _judge(facts: Facts) -> Iterator[Judgement]:
    repository = facts.repository
    for root, settings in applied(repository):
        found = [*_providers(root, settings), *_lock_file(repository, settings)]
        yield from found
        if not found and settings.requirements:
            place = next(iter(settings.requirements.values())).place
            yield kept(f"{settings.title} pins its providers, and git does not ignore its lock file.", place)
    for module in repository.modules:
        for file, block in module.blocks("module"):
            yield from _call(module, file, block)


def _providers(root: Root, settings: Settings) -> Iterator[Judgement]:
    for each in settings.requirements.values():
        yield from _pinned(settings, each)
    used = {each.type.partition("_")[0] for each in root.instances} - {_BUILT_IN}
    for name in sorted(used - settings.requirements.keys()):
        message = f"{settings.title} uses the provider {name} without saying in which version."
        doubt = next((each for each in root.unread if not each.source), None)
        if doubt is not None:
            yield unknown(f"{message[:-1]} here, but {doubt.what} {doubt.reason}.", settings.place)
        else:
            yield broken(message, settings.place, f"Name {name} in required_providers.")


def _pinned(settings: Settings, required: Requirement) -> Iterator[Judgement]:
    name, version = required.name, required.version
    if version is None:
        yield unknown(f"The version of {name} in {settings.title} is no literal.", required.place)
        return
    what = f"{settings.title} requires {name} {version}".rstrip()
    if not version:
        yield broken(f"{what} in any version.", required.place)
        return
    low, high = bounds(version)
    if high == NEVER:
        yield broken(f"{what}, which lets in any later major version.", required.place, _pin(low))
    elif high > (low[0] + 1, 0, 0):
        yield broken(f"{what}, which lets in another major version.", required.place, _pin(low))
    elif not names_minor(version):
        yield broken(f"{what}, which names no minor version.", required.place, _pin(low))


def _pin(version: tuple[int, int, int]) -> str:
    return f'Write version = "~> {version[0]}.{version[1]}".'


def _lock_file(repository: Repository, settings: Settings) -> Iterator[Judgement]:
    path = LOCK_FILE if settings.path == "." else f"{settings.path}/{LOCK_FILE}"
    for ignore, text in repository.gitignores.items():
        folder = ignore.removesuffix(".gitignore")
        line = ignoring_line(text, path.removeprefix(folder)) if path.startswith(folder) else 0
        if line:
            message = f"git ignores {path}, so every machine gets providers of its own."
            yield broken(message, Place(ignore, line), f"Take the line out, and commit {path}.")
            return


def _call(module: Module, file: str, block: Block) -> Iterator[Judgement]:
    source, version = block.body.value("source"), block.body.value("version")
    if not isinstance(source, str) or source.startswith(("./", "../", "/")):
        return
    name, place = f"module.{'.'.join(block.labels)}", Place(file, block.line)
    attribute = block.body.attribute("version") or block.body.attribute("source")
    place = Place(file, attribute.line) if attribute else place
    if _GIT.match(source):
        ref = _REF.search(source)
        if ref is None or ref[1] in _BRANCHES:
            what = f"the branch {ref[1]}" if ref else "whatever is newest"
            yield broken(f"{name} is {what} of a git repository.", place, "Add ?ref= with a tag or a commit.")
        else:
            yield kept(f"{name} is pinned to {ref[1]}.", place)
    elif _REGISTRY.match(source):
        if version is None:
            yield broken(f"{name} is {source} in any version.", place, "Add version.")
        elif not isinstance(version, str):
            yield unknown(f"The version of {name} is no literal.", place)
        elif bounds(version)[1] == NEVER:
            yield broken(f"{name} is {source} {version}, which lets in any later version.", place, "Use ~>.")
        else:
            yield kept(f"{name} is pinned to {source} {version}.", place)


_GOOD = """\
terraform {
  required_version = ">= 1.10"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.24"
    }
  }
}

provider "aws" {
  region = "eu-central-1"
}
"""

OPINION = Opinion(
    id="S3",
    title="Providers pinned with ~> to a minor version, modules pinned, the lock file committed.",
    why="What is not pinned changes on its own: one day the next major version plans to replace a cluster. The lock "
    "file is what makes two machines run the same provider.",
    mend='Write version = "~> 6.24" for each provider, version for each module of a registry, ?ref= for each of git, '
    "and commit .terraform.lock.hcl.",
    source="https://developer.hashicorp.com/terraform/language/providers/requirements",
    judge=_judge,
    good={"versions.tf": _GOOD},
    bad={"versions.tf": _GOOD.replace("~> 6.24", ">= 5.0")},
)
