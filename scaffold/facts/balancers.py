"""Load balancers of a root module, with their listeners, rules and target groups."""

from collections.abc import Iterator
from dataclasses import dataclass

from scaffold.evaluate.root import Body, Instance, Root
from scaffold.evaluate.values import Value
from scaffold.facts.addresses import References, several

_BALANCERS = ("aws_lb", "aws_alb")
_LISTENERS = ("aws_lb_listener", "aws_alb_listener")
_RULES = ("aws_lb_listener_rule", "aws_alb_listener_rule")


@dataclass(frozen=True, slots=True)
class Listener:
    """A listener.

    Attributes:
        instance: the `aws_lb_listener`.
        rules: its `aws_lb_listener_rule`.
    """

    instance: Instance
    rules: tuple[Instance, ...]

    @property
    def protocol(self) -> Value:
        """The protocol: `HTTPS`, `HTTP`; of a network load balancer `TCP`, `TLS`."""
        return self.instance.get("protocol")

    def actions(self) -> Iterator[tuple[Instance, Body]]:
        """Yield each action with what it is written in: the listener's default ones, then those of its rules."""
        for action in self.instance.body.blocks.get("default_action", ()):
            yield self.instance, action
        for rule in self.rules:
            for action in rule.body.blocks.get("action", ()):
                yield rule, action


@dataclass(frozen=True, slots=True)
class Balancer:
    """A load balancer.

    Attributes:
        root: the root module that makes it.
        instance: the `aws_lb`.
        listeners: its listeners.
        targets: the target groups that they lead to.
        groups: its security groups, as they are referred to.
        stray: the address of a listener that may be this one's or another's; empty where there is none.
    """

    root: Root
    instance: Instance
    listeners: tuple[Listener, ...]
    targets: tuple[Instance, ...]
    groups: tuple[Value, ...]
    stray: str = ""

    @property
    def address(self) -> str:
        """Its address."""
        return self.instance.address

    @property
    def kind(self) -> Value:
        """`application`, `network` or `gateway`; the API's default is the first."""
        given = self.instance.get("load_balancer_type")
        return "application" if given is None else given

    @property
    def internal(self) -> Value:
        """Whether it has private addresses only; the API's default is that it has public ones."""
        given = self.instance.get("internal")
        return False if given is None else given


def balancers_of(root: Root, refers: References) -> Iterator[Balancer]:
    """Yield every load balancer that a root module makes."""
    rules = list(root.of(*_RULES))
    listeners = list(root.of(*_LISTENERS))
    leads = [(refers.find(each.get("load_balancer_arn")), each) for each in listeners]
    stray = next((each.address for found, each in leads if found is None), "")
    for balancer in root.of(*_BALANCERS):
        own = tuple(
            Listener(each, tuple(rule for rule in rules if refers.find(rule.get("listener_arn")) is each))
            for found, each in leads
            if found is balancer
        )
        targets: dict[str, Instance] = {}
        for listener in own:
            for _, action in listener.actions():
                for group in target_groups_of(action, refers):
                    targets[group.address] = group
        groups = several(balancer.get("security_groups"))
        yield Balancer(root, balancer, own, tuple(targets.values()), groups, stray)


def target_groups_of(action: Body, refers: References) -> Iterator[Instance]:
    """Yield the target groups that an action forwards to, as far as they are made here."""
    values = [action.get("target_group_arn")]
    for forward in action.blocks.get("forward", ()):
        values += [group.get("arn") for group in forward.blocks.get("target_group", ())]
    for value in values:
        found = refers.find(value)
        if found is not None and not found.data:
            yield found
