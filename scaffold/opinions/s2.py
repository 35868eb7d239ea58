"""S2: five default tags on everything.

A key counts however its words are joined and whatever its case: `cost-center` is CostCenter. Tags are compared by AWS
with their case, so a repository does well to keep to one way.
"""

import re
from collections.abc import Iterator

from scaffold.evaluate.root import Place, Root
from scaffold.facts import Facts
from scaffold.facts.settings import Settings, applied
from scaffold.hcl import Block
from scaffold.opinions.judging import broken, kept, unknown
from scaffold.opinions.opinion import Judgement, Opinion

KEYS = ("CostCenter", "Environment", "ManagedBy", "Owner", "Project")


def _judge(facts: Facts) -> Iterator[Judgement]:
    for root, settings in applied(facts.repository):
        for file, block in settings.providers:
            if block.labels == ("aws",):
                yield _provider(root, settings, file, block)


def _provider(root: Root, settings: Settings, file: str, block: Block) -> Judgement:
    tags = next(iter(block.body.blocks_of("default_tags")), None)
    name = "The AWS provider" if block.body.attribute("alias") is None else f"The AWS provider {_alias(block)}"
    of = f"{name} of {settings.title[:1].lower() + settings.title[1:] if settings.path == '.' else settings.title}"
    if tags is None:
        dynamic = block.body.block("dynamic", "default_tags")
        if dynamic is not None:
            return unknown(f"It cannot be evaluated which default tags {of} sets.", Place(file, dynamic.line))
        return broken(f"{of} sets no default tags.", Place(file, block.line))
    written = tags.body.attribute("tags")
    place = Place(file, written.line if written else tags.line)
    if block.body.attribute("alias") is not None:
        return kept(f"{of} sets default tags.", place)
    missing = _missing(root)
    if not missing:
        return kept(f"{of} sets the five default tags.", place)
    if not root.default_tags or any(not isinstance(key, str) for key in root.default_tags):
        return unknown(f"It cannot be evaluated which default tags {of} sets.", place)
    return broken(f"{of} sets no default tag {', '.join(missing)}.", place, f"Add {', '.join(missing)}.")


def _alias(block: Block) -> str:
    return str(block.body.value("alias"))


def _missing(root: Root) -> list[str]:
    there = {_plain(key) for key in root.default_tags if isinstance(key, str)}
    return [key for key in KEYS if _plain(key) not in there]


def _plain(key: str) -> str:
    return re.sub(r"[^a-z]", "", key.rpartition(":")[2].lower())


_GOOD = """\
provider "aws" {
  region = "eu-central-1"

  default_tags {
    tags = {
      CostCenter  = "4711"
      Environment = "prod"
      ManagedBy   = "terraform"
      Owner       = "team-shop"
      Project     = "shop"
    }
  }
}
"""

OPINION = Opinion(
    id="S2",
    title="Default tags: Project, Environment, Owner, CostCenter, ManagedBy.",
    why="What has no tag has no owner when it fails and nobody who pays for it; tags that every resource has to repeat "
    "are forgotten on some.",
    mend="Set the five in default_tags of the AWS provider.",
    source="https://registry.terraform.io/providers/hashicorp/aws/latest/docs#default_tags-configuration-block",
    judge=_judge,
    good={"environments/prod/providers.tf": _GOOD},
    bad={"environments/prod/providers.tf": _GOOD.replace('      CostCenter  = "4711"\n', "")},
)
