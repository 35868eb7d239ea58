"""What the opinions on Amazon ECS share."""

from collections.abc import Callable, Iterator

from scaffold.evaluate.root import Place, Root
from scaffold.evaluate.values import Joined, Symbol, Value, known
from scaffold.facts import Facts
from scaffold.facts.containers import Container, TaskDefinition
from scaffold.facts.ecs import Ecs, EcsCluster, EcsService
from scaffold.facts.network import Subnet
from scaffold.opinions.judging import broken, kept, shown, unknown
from scaffold.opinions.managed_instances import unread
from scaffold.opinions.opinion import Judgement

Faults = Iterator[Judgement]


def for_each_ecs_cluster(
    faults: Callable[[Facts, EcsCluster], Faults], message: Callable[[EcsCluster], str]
) -> Callable[[Facts], Faults]:
    """Return an opinion's `judge`: what is broken or unknown of each cluster, or else that it is kept."""

    def judge(facts: Facts) -> Faults:
        for ecs in facts.ecs:
            for cluster in ecs.clusters:
                found = list(faults(facts, cluster))
                yield from found or [kept(message(cluster), cluster.instance.place)]

    return judge


def for_each_service(
    faults: Callable[[Facts, Ecs, EcsService], Faults | None], message: Callable[[EcsService], str]
) -> Callable[[Facts], Faults]:
    """Return an opinion's `judge` over services, likewise; of one without faults to look for, None, nothing is said."""

    def judge(facts: Facts) -> Faults:
        for ecs in facts.ecs:
            for service in ecs.services:
                faulty = faults(facts, ecs, service)
                if faulty is not None:
                    found = list(faulty)
                    yield from found or [kept(message(service), service.instance.place)]

    return judge


def for_each_task(
    faults: Callable[[Facts, Ecs, TaskDefinition], Faults | None], message: Callable[[TaskDefinition], str]
) -> Callable[[Facts], Faults]:
    """Return an opinion's `judge` over task definitions, likewise."""

    def judge(facts: Facts) -> Faults:
        for ecs in facts.ecs:
            for task in ecs.tasks:
                faulty = faults(facts, ecs, task)
                if faulty is not None:
                    found = list(faulty)
                    yield from found or [kept(message(task), task.instance.place)]

    return judge


def for_each_container(
    faults: Callable[[Facts, Ecs, TaskDefinition, Container], Faults], message: Callable[[TaskDefinition], str]
) -> Callable[[Facts], Faults]:
    """Return an opinion's `judge` over the containers of each task definition, likewise."""

    def of_task(facts: Facts, ecs: Ecs, task: TaskDefinition) -> Faults:
        place = task.instance.place_of("container_definitions")
        if task.containers is None:
            yield unknown(f"{task.address}: its containers cannot be told.", place)
        for container in task.containers or ():
            if isinstance(container.data, Symbol | Joined):
                yield unknown(f"{container.title} cannot be told: {shown(container.data)}.", place)
            else:
                yield from faults(facts, ecs, task, container)

    return for_each_task(of_task, message)


def expected(
    title: str, name: str, value: Value, place: Place, right: Callable[[Value], bool], wrong: str, mend: str = ""
) -> Faults:
    """Yield that a value is not what it should be, or that nobody knows it.

    Args:
        title: what has the value, as a message calls it.
        name: the value's name.
        value: the value.
        place: where it is written.
        right: tells whether a value that is known is as it should be.
        wrong: the sentence for one that is not.
        mend: what to do then, where that is not what the opinion says.
    """
    if not known(value):
        yield unknown(f"{title}: {name} cannot be told: {shown(value)}.", place)
    elif not right(value):
        yield broken(wrong, place, mend)


def missing(root: Root, message: str, place: Place, mend: str = "") -> Judgement:
    """Return that something is not there, which is unknown where what was not read may hold it.

    Args:
        root: the root module that would hold it.
        message: the sentence, without its full stop.
        place: where it would be.
        mend: what to do about it.
    """
    doubt = unread(root)
    return unknown(f"{message}; but {doubt}.", place) if doubt else broken(f"{message}.", place, mend)


def number(value: Value) -> float | None:
    """Return a value as the number that Terraform takes it for, or None where it is none."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return value
    return float(value) if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10 else None


def subnets_of(facts: Facts, root: Root, values: tuple[Value, ...]) -> tuple[Subnet, ...] | None:
    """Return the subnets that values are the IDs of, or None where not all are made in the root module."""
    networks = [network for network in facts.networks if network.root is root]
    found = [next((one for each in networks if (one := each.subnet(value))), None) for value in values]
    sure = [each for each in found if each is not None]
    return tuple(sure) if sure and len(sure) == len(found) else None


def in_private_subnets(facts: Facts, root: Root, title: str, values: tuple[Value, ...], place: Place) -> Faults:
    """Yield that some subnets are not private, or that nobody can say."""
    found = subnets_of(facts, root, values)
    public = next((each for each in found or () if each.role == "public"), None)
    if public is not None:
        yield broken(f"{title} is in {public.instance.address}, which is public.", place, "Name private subnets.")
    elif found is None or any(each.role == "unknown" for each in found):
        yield unknown(f"{title}: whether its subnets are private cannot be told.", place)
