"""C15: an image's tag means one image for ever, images are scanned, and old ones go."""

from collections.abc import Iterator

from scaffold.evaluate.references import candidates
from scaffold.evaluate.root import Instance, Root
from scaffold.evaluate.values import Joined, Symbol, Value
from scaffold.facts import Facts
from scaffold.facts.cluster import flag
from scaffold.facts.containers import Container
from scaffold.opinions.ecs_services import expected, missing
from scaffold.opinions.judging import broken, kept
from scaffold.opinions.opinion import Judgement, Opinion


def _judge(facts: Facts) -> Iterator[Judgement]:
    if not facts.ecs:
        return
    for root in facts.repository.roots:
        for repository in root.of("aws_ecr_repository"):
            found = list(_repository(facts, root, repository))
            yield from found or [kept(f"{repository.address} keeps each image under its tag.", repository.place)]
    for ecs in facts.ecs:
        for task in ecs.tasks:
            found = [each for container in task.containers or () for each in _image(container)]
            yield from found or [kept(f"{task.address} names its images by what does not move.", task.instance.place)]


def _repository(facts: Facts, root: Root, repository: Instance) -> Iterator[Judgement]:
    address = repository.address
    given, place = repository.get("image_tag_mutability"), repository.place_of("image_tag_mutability")
    tags: Value = "MUTABLE" if given is None else given
    yield from expected(
        address,
        "image_tag_mutability",
        tags,
        place,
        lambda value: str(value).startswith("IMMUTABLE"),
        f"{address} lets a tag be moved to another image.",
        'Set image_tag_mutability = "IMMUTABLE".',
    )
    if not any(any(each.of("aws_ecr_registry_scanning_configuration")) for each in facts.repository.roots):
        path = ("image_scanning_configuration", "scan_on_push")
        yield from expected(
            address,
            "scan_on_push",
            flag(repository.get(*path), False),
            repository.place_of(*path),
            lambda on: on is True,
            f"{address} does not scan what is pushed.",
            "Set image_scanning_configuration { scan_on_push = true }.",
        )
    own = (Symbol(repository.address), repository.get("name"))
    if not candidates(root, "aws_ecr_lifecycle_policy", "repository", *own):
        message = f"{address} keeps every image for ever"
        yield missing(root, message, repository.place, "Add an aws_ecr_lifecycle_policy for it.")


def _image(container: Container) -> Iterator[Judgement]:
    """Yield that an image has the tag `latest`, or none, which is the same; what is not known may have any."""
    image = container.image
    parts = image.parts if isinstance(image, Joined) else (image,)
    last = parts[-1]
    if not isinstance(last, str):
        return
    name = last.rpartition("/")[2]
    # `${aws_ecr_repository.api.repository_url}:1.4.2` has its tag in the last part; so has `public.ecr.aws/a/b:1`.
    if "@" in last or "@" in "".join(part for part in parts if isinstance(part, str)):
        return
    tag = name.rpartition(":")[2] if ":" in name else "" if name and len(parts) == 1 else None
    if tag in ("", "latest"):
        yield broken(
            f"{container.title} runs whatever {'latest' if tag else 'an image without a tag'} is when it starts.",
            container.place,
            "Name a tag that is never moved, or the digest.",
        )


_EXAMPLE = """\
resource "aws_ecr_repository" "api" {
  name                 = "api"
  image_tag_mutability = "%s"

  image_scanning_configuration {
    scan_on_push = true
  }
}

resource "aws_ecr_lifecycle_policy" "api" {
  repository = aws_ecr_repository.api.name
  policy     = file("lifecycle.json")
}

resource "aws_ecs_cluster" "shop" {
  name = "shop"
}
"""

OPINION = Opinion(
    id="C15",
    title="ECR with immutable tags, scans on push and a lifecycle policy; images never by latest",
    why="A tag that moves makes two tasks of one revision run two programs, and a rollback lead to the new one. Images "
    "that nobody scans or removes are paid for and deployed with their holes.",
    mend='Set image_tag_mutability = "IMMUTABLE" and scan_on_push = true, add an aws_ecr_lifecycle_policy, and name a '
    "version or a digest in the container definition.",
    source="https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html",
    judge=_judge,
    good={"main.tf": _EXAMPLE % "IMMUTABLE"},
    bad={"main.tf": _EXAMPLE % "MUTABLE"},
)
