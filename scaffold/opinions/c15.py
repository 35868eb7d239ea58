"""C15: an image's tag means one image for ever, images are scanned, and old ones go."""

from collections.abc import Iterator

from scaffold.evaluate.references import candidates
from scaffold.evaluate.root import Instance, Root
from scaffold.evaluate.values import Joined, Symbol, Value
from scaffold.facts import Facts
from scaffold.facts.cluster import flag
from scaffold.facts.containers import Container, TaskDefinition
from scaffold.opinions.ecs_services import expected, missing
from scaffold.opinions.judging import broken, kept, shown, unknown
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
            yield from _images(task)


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


def _images(task: TaskDefinition) -> Iterator[Judgement]:
    if task.containers is None:
        place = task.instance.place_of("container_definitions")
        yield unknown(f"{task.address}: its containers cannot be told.", place)
        return
    found = [each for container in task.containers for each in _image(task, container)]
    yield from found or [kept(f"{task.address} names images that stay what they are.", task.instance.place)]


def _image(task: TaskDefinition, container: Container) -> Iterator[Judgement]:
    """Yield that an image has the tag `latest`, or none, which is the same; or that nobody knows its tag."""
    image = container.image
    if image is None:
        return
    parts = image.parts if isinstance(image, Joined) else (image,)
    texts = "".join(part if isinstance(part, str) else "?" for part in parts)
    name, _, tag = texts.rpartition("/")[2].partition(":")
    if "@" in texts:
        return
    if "?" in tag or (not tag and "?" in name):
        # In a repository of immutable tags, `latest` would be one image for ever.
        if not any(_is_immutable(task.root, part) for part in parts):
            yield unknown(f"{container.title}: the tag of its image cannot be told: {shown(image)}.", container.place)
    elif tag in ("", "latest"):
        yield broken(
            f"{container.title} has an image {'without a tag' if not tag else 'called latest'}: each start may be of "
            "another.",
            container.place,
            "Name a tag that is never moved, or the digest.",
        )


def _is_immutable(root: Root, value: Value) -> bool:
    repository = root.find(value)
    tags = repository.get("image_tag_mutability") if repository is not None else None
    return isinstance(tags, str) and tags.startswith("IMMUTABLE")


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
