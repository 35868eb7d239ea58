"""Clusters, capacity providers and services of Amazon ECS, drawn from a root module's resources."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from scaffold.evaluate.production import production_of
from scaffold.evaluate.references import candidates, names
from scaffold.evaluate.root import Body, Instance, Place, Root
from scaffold.evaluate.values import Joined, Symbol, Value
from scaffold.facts.addresses import References, references, several
from scaffold.facts.balancers import Balancer, balancers_of
from scaffold.facts.cluster import flag
from scaffold.facts.containers import TaskDefinition, task_definitions_of
from scaffold.facts.ecs_scaling import Scaling, scaling_of
from scaffold.facts.security_groups import SecurityGroup, security_groups

FARGATE, SPOT = "FARGATE", "FARGATE_SPOT"
"""The capacity providers that every account has."""

_STRATEGY = "capacity_provider_strategy"
_DEFAULT = "default_capacity_provider_strategy"


@dataclass(frozen=True, slots=True)
class Share:
    """What a capacity provider has of the tasks of a service.

    Attributes:
        provider: the capacity provider's name, or a reference to it.
        base: how many tasks run on it before any other.
        weight: its share of the tasks beyond that.
        place: where it is written.
    """

    provider: Value
    base: Value
    weight: Value
    place: Place


@dataclass(frozen=True, slots=True)
class Strategy:
    """Which capacity tasks run on.

    Attributes:
        shares: of each capacity provider.
        launch_type: `FARGATE`, `EC2` or `EXTERNAL` where tasks run without capacity providers; else None.
        open: whether there may be other shares than these.
    """

    shares: tuple[Share, ...]
    launch_type: Value = None
    open: bool = False

    @property
    def fargate(self) -> bool | None:
        """Whether all tasks run on Fargate, Spot or not; None where nobody can say."""
        given = tuple(share.provider for share in self.shares) if self.shares else (self.launch_type,)
        if self.open or any(isinstance(each, Symbol | Joined) and not _is_made(each) for each in given):
            return None
        return all(each in (FARGATE, SPOT) for each in given)

    @property
    def spot(self) -> bool | None:
        """Whether any task may run on Fargate Spot; None where nobody can say."""
        if any(share.provider == SPOT for share in self.shares):
            return True
        unknown = any(
            isinstance(each.provider, Symbol | Joined) and not _is_made(each.provider) for each in self.shares
        )
        return None if self.open or unknown else False


def _is_made(value: Value) -> bool:
    """Return whether a value refers to a capacity provider that is made here, so that it is none of Fargate's."""
    return isinstance(value, Symbol) and ".aws_ecs_capacity_provider." in f".{value.of}"


@dataclass(frozen=True, slots=True)
class EcsCluster:
    """A cluster.

    Attributes:
        root: the root module that makes it.
        instance: the `aws_ecs_cluster`.
        providers: its `aws_ecs_cluster_capacity_providers`.
    """

    root: Root
    instance: Instance
    providers: tuple[Instance, ...]

    @property
    def address(self) -> str:
        """Its address."""
        return self.instance.address

    @property
    def production(self) -> bool:
        """Whether it is judged as production: where neither the repository nor its own names say that it is not."""
        return production_of(self.root, self.instance) is not False

    def setting(self, name: str) -> Value:
        """Return one of its settings: None where it is not set, a symbol where nobody can say."""
        blocks = self.instance.body.blocks.get("setting", ())
        doubt: Value = Symbol("a setting that is not known") if "setting" in self.instance.body.open else None
        for block in blocks:
            if block.get("name") == name:
                return block.get("value")
            if isinstance(block.get("name"), Symbol | Joined):
                doubt = Symbol("a setting of which the name is not known")
        return doubt

    def place_of_setting(self, name: str) -> Place:
        """Return where one of its settings is written, or else where the cluster is."""
        blocks = self.instance.body.blocks.get("setting", ())
        return next((each.place_of("value") for each in blocks if each.get("name") == name), self.instance.place)


@dataclass(frozen=True, slots=True)
class EcsCapacityProvider:
    """A capacity provider of a repository's own.

    Attributes:
        root: the root module that makes it.
        instance: the `aws_ecs_capacity_provider`.
        refers: looks up what a value leads to, in the root module.
        group_of: the security groups of the root module by address.
    """

    root: Root
    instance: Instance
    refers: References
    group_of: Mapping[str, SecurityGroup]

    @property
    def address(self) -> str:
        """Its address."""
        return self.instance.address

    @property
    def managed_instances(self) -> bool:
        """Whether ECS starts and patches its instances: whether it is one of ECS Managed Instances."""
        return "managed_instances_provider" in self.instance.body.blocks

    def launch(self, *path: str) -> Value:
        """Return what is at a path of the launch template of its managed instances."""
        return self.instance.get("managed_instances_provider", "instance_launch_template", *path)

    def place_of_launch(self, *path: str) -> Place:
        """Return where a path of the launch template is written, or else the nearest block around it."""
        return self.instance.place_of("managed_instances_provider", "instance_launch_template", *path)

    def is_named(self, value: Value) -> bool:
        """Return whether a share of a strategy is of it."""
        return names(value, self.instance) is True


@dataclass(frozen=True, slots=True)
class EcsService:
    """A service.

    Attributes:
        root: the root module that makes it.
        instance: the `aws_ecs_service`.
        cluster: its cluster, where the root module makes it.
        task: its task definition, likewise.
        strategy: which capacity its tasks run on.
        targets: the target groups that its tasks are registered in, as far as they are made here.
        balancers: the load balancers that lead to them.
        scaling: how the number of its tasks changes.
        group_of: the security groups of the root module by address.
        refers: looks up what a value leads to, in the root module.
    """

    root: Root
    instance: Instance
    cluster: EcsCluster | None
    task: TaskDefinition | None
    strategy: Strategy
    targets: tuple[Instance, ...]
    balancers: tuple[Balancer, ...]
    scaling: Scaling
    group_of: Mapping[str, SecurityGroup]
    refers: References

    @property
    def address(self) -> str:
        """Its address."""
        return self.instance.address

    @property
    def production(self) -> bool:
        """Whether it is judged as production: where neither the repository nor its own names say that it is not."""
        return production_of(self.root, self.instance) is not False

    @property
    def daemon(self) -> Value:
        """Whether there is one task on each instance, rather than a number of them."""
        given = self.instance.get("scheduling_strategy")
        return given if isinstance(given, Symbol | Joined) else given == "DAEMON"

    @property
    def controller(self) -> Value:
        """What deploys it: `ECS`, which is the API's default, `CODE_DEPLOY` or `EXTERNAL`."""
        given = self.instance.get("deployment_controller", "type")
        return "ECS" if given is None else given

    @property
    def desired(self) -> Value:
        """How many tasks it starts with; Terraform's default is none."""
        given = self.instance.get("desired_count")
        return 0 if given is None else given

    @property
    def least(self) -> Value:
        """The fewest tasks that run for long: what scaling goes down to, or else how many it starts with."""
        target = self.scaling.target
        return self.desired if target is None else target.get("min_capacity")

    @property
    def execute_command(self) -> Value:
        """Whether ECS Exec is on; the API's default is that it is not."""
        return flag(self.instance.get("enable_execute_command"), False)

    @property
    def subnets(self) -> tuple[Value, ...]:
        """The subnets of its tasks, as they are referred to."""
        return several(self.instance.get("network_configuration", "subnets"))

    @property
    def groups(self) -> tuple[Value, ...]:
        """The security groups of its tasks, as they are referred to."""
        return several(self.instance.get("network_configuration", "security_groups"))

    @property
    def balanced(self) -> bool:
        """Whether a load balancer sends requests to it, or may."""
        body = self.instance.body
        return "load_balancer" in body.blocks or "load_balancer" in body.open


@dataclass(frozen=True, slots=True)
class Ecs:
    """What a root module makes of Amazon ECS.

    Attributes:
        root: the root module.
        clusters: every cluster.
        providers: every capacity provider of its own.
        tasks: every task definition.
        services: every service.
        balancers: every load balancer that leads to a service.
        group_of: the security groups of the root module by address.
        refers: looks up what a value leads to, in the root module.
    """

    root: Root
    group_of: Mapping[str, SecurityGroup]
    refers: References
    clusters: tuple[EcsCluster, ...] = ()
    providers: tuple[EcsCapacityProvider, ...] = ()
    tasks: tuple[TaskDefinition, ...] = ()
    services: tuple[EcsService, ...] = ()
    balancers: tuple[Balancer, ...] = ()

    def services_of(self, task: TaskDefinition) -> tuple[EcsService, ...]:
        """Return the services that run a task definition."""
        return tuple(each for each in self.services if each.task is not None and each.task.instance is task.instance)


_TYPES = ("aws_ecs_cluster", "aws_ecs_capacity_provider", "aws_ecs_task_definition", "aws_ecs_service")


def ecs_of(root: Root) -> Ecs | None:
    """Return what a root module makes of Amazon ECS, or None where that is nothing."""
    if next(root.of(*_TYPES), None) is None:
        return None
    refers = references(root)
    groups = security_groups(root, refers)
    clusters = tuple(_clusters(root))
    tasks = tuple(task_definitions_of(root))
    balancers = tuple(balancers_of(root, refers))
    services = tuple(
        _service(root, each, refers, groups, clusters, tasks, balancers) for each in root.of("aws_ecs_service")
    )
    leading = {id(balancer): balancer for service in services for balancer in service.balancers}
    return Ecs(
        root=root,
        group_of=groups,
        refers=refers,
        clusters=clusters,
        providers=tuple(
            EcsCapacityProvider(root, each, refers, groups) for each in root.of("aws_ecs_capacity_provider")
        ),
        tasks=tasks,
        services=services,
        balancers=tuple(leading.values()),
    )


def _clusters(root: Root) -> Iterator[EcsCluster]:
    clusters = tuple(root.of("aws_ecs_cluster"))
    for cluster in clusters:
        own = (Symbol(cluster.address), cluster.get("name"))
        found = candidates(root, "aws_ecs_cluster_capacity_providers", "cluster_name", *own)
        named = [(names(each.get("cluster_name"), cluster), each) for each in found]
        alone = len(clusters) == 1
        yield EcsCluster(root, cluster, tuple(each for is_it, each in named if is_it or (is_it is None and alone)))


def _service(
    root: Root,
    service: Instance,
    refers: References,
    groups: Mapping[str, SecurityGroup],
    clusters: Sequence[EcsCluster],
    tasks: Sequence[TaskDefinition],
    balancers: Sequence[Balancer],
) -> EcsService:
    cluster = next((each for each in clusters if names(service.get("cluster"), each.instance)), None)
    task = _task(service.get("task_definition"), tasks)
    targets = tuple(_targets(service, refers))
    return EcsService(
        root=root,
        instance=service,
        cluster=cluster,
        task=task,
        strategy=_strategy(service, None if cluster is None else cluster.providers),
        targets=targets,
        balancers=tuple(each for each in balancers if any(one is other for one in targets for other in each.targets)),
        scaling=scaling_of(root, service, None if cluster is None else cluster.instance),
        group_of=groups,
        refers=refers,
    )


def _task(value: Value, tasks: Sequence[TaskDefinition]) -> TaskDefinition | None:
    """Return the task definition that a service names: by its ARN, or by its family with or without a revision."""
    parts = value.parts if isinstance(value, Joined) else (value,)
    made = {part.of for part in parts if isinstance(part, Symbol) and part.of}
    for task in tasks:
        if task.address in made:
            return task
    family: Value = value
    if isinstance(parts[0], str) and (isinstance(value, str) or ":" in parts[0].rpartition("/")[2]):
        family = parts[0].rpartition("/")[2].partition(":")[0]
    return next((task for task in tasks if family is not None and task.family == family), None)


def _targets(service: Instance, refers: References) -> Iterator[Instance]:
    for block in service.body.blocks.get("load_balancer", ()):
        for value in (
            block.get("target_group_arn"),
            block.get("advanced_configuration", "alternate_target_group_arn"),
        ):
            found = refers.find(value)
            if found is not None and not found.data:
                yield found


def _strategy(service: Instance, of_cluster: Sequence[Instance] | None) -> Strategy:
    """Return the service's own strategy, or else its launch type, or else the strategy of its cluster.

    Args:
        service: the `aws_ecs_service`.
        of_cluster: the `aws_ecs_cluster_capacity_providers` of its cluster; None where the cluster is made elsewhere.

    Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html, `launchType`.
    """
    shares, is_open = _shares(service, _STRATEGY)
    if shares or is_open:
        return Strategy(shares, open=is_open)
    launch_type = service.get("launch_type")
    if launch_type is not None:
        return Strategy((), launch_type)
    if of_cluster is None:
        return Strategy((), open=True)
    for providers in of_cluster:
        shares, is_open = _shares(providers, _DEFAULT)
        if shares or is_open:
            return Strategy(shares, open=is_open or not providers.certain)
    return Strategy((), "EC2")


def _shares(instance: Instance, kind: str) -> tuple[tuple[Share, ...], bool]:
    shares = tuple(_share(block) for block in instance.body.blocks.get(kind, ()))
    return shares, kind in instance.body.open


def _share(block: Body) -> Share:
    base, weight = block.get("base"), block.get("weight")
    return Share(
        block.get("capacity_provider"), 0 if base is None else base, 0 if weight is None else weight, block.place
    )
