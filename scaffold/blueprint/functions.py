"""What follows from the answers for Lambda functions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scaffold.answers.base import AUDITABLE_RETENTION_DAYS
from scaffold.answers.functions import COMMANDS, FUNCTIONS, MOST_INTERFACES, SUBSCRIBERS
from scaffold.answers.model import Answers
from scaffold.blueprint.environment import ProviderFacts

AWS_PROVIDER_VERSION = "6.0"
"""Every argument is older than that."""

RUNTIME_PROVIDER_VERSIONS: Mapping[str, str] = {"nodejs24.x": "6.21", "python3.14": "6.21"}
"""The first that takes a runtime, where that is newer. Source: its change log."""

PROVIDERS = (ProviderFacts("archive", "hashicorp/archive", "~> 2.7"),)
"""What packs the functions' code."""

FOLDERS: Mapping[str, str] = {"command": "command", "queue": "queue", "fan-out": "fan_out"}
"""The folder in functions/ of each shape."""


@dataclass(frozen=True, slots=True)
class Language:
    """How the functions are written and tested in one language.

    Attributes:
        title: its name for people, and what testing needs on the machine.
        test: the command, run in a function's folder, that tests it.
    """

    title: str
    test: str


LANGUAGES: Mapping[str, Language] = {
    "python": Language("Python", "python3 -m unittest discover -s tests"),
    "nodejs": Language("Node.js", "node --test tests/*.test.mjs"),
}


@dataclass(frozen=True, slots=True)
class FunctionsFacts:
    """One environment's.

    Attributes:
        name: the environment's name.
        arch: `arm64` or `x86_64`.
        command: whether there is a front function with workers.
        queue: whether there is a function behind a queue.
        fan_out: whether there are subscribers to events.
        eventbridge: whether events come from an EventBridge bus, else from an SNS topic.
        runtime: the runtime.
        memory_size: MB of each function.
        timeout: seconds of an invocation.
        maximum_concurrency: how many invocations at once the queue may start.
        reserved_concurrency: concurrent invocations kept for each function; None where they share the account's.
        vpc: whether they run in the private subnets.
        private: whether they do and there is no NAT, so that they reach only the VPC and gateway endpoints.
        gateway_endpoints: the services with a gateway endpoint, in name order.
        interfaces: how many network interfaces Lambda makes for them: one in each AZ's private subnet.
        alarm_topic_arns: the topics alarms notify.
        log_retention_days: days to keep logs.
    """

    name: str
    arch: str
    command: bool
    queue: bool
    fan_out: bool
    eventbridge: bool
    runtime: str
    memory_size: int
    timeout: int
    maximum_concurrency: int
    reserved_concurrency: int | None
    vpc: bool
    private: bool
    gateway_endpoints: tuple[str, ...]
    interfaces: int
    alarm_topic_arns: tuple[str, ...]
    log_retention_days: int


@dataclass(frozen=True, slots=True)
class FunctionsModuleFacts:
    """What the module must be able to do, for all environments together.

    Attributes:
        command: whether there is a front function with workers.
        queue: whether there is a function behind a queue.
        fan_out: whether there are subscribers to events.
        eventbridge: whether events come from an EventBridge bus.
        sns: whether events come from an SNS topic.
        asynchronous: whether any function is invoked without anybody waiting for its answer.
        commands: the sample's commands.
        subscribers: the sample's subscribers.
        folders: the folders in functions/, in name order.
        runtime: the runtime.
        version: the runtime's number, such as `3.13`.
        title: the language.
        test_command: tests a function, run in its folder.
        python: whether it is written in Python.
        nodejs: whether it is written for Node.js.
        vpc: whether the functions run in private subnets.
        private: whether in any environment they do and there is no NAT.
        reserved_concurrency: whether any environment reserves concurrency.
        always_reserved: whether every environment does.
        short_log_retention: whether any environment keeps logs for less than a year.
        most_interfaces: how many network interfaces a VPC has for Lambda.
    """

    command: bool
    queue: bool
    fan_out: bool
    eventbridge: bool
    sns: bool
    asynchronous: bool
    commands: tuple[str, ...]
    subscribers: tuple[str, ...]
    folders: tuple[str, ...]
    runtime: str
    version: str
    title: str
    test_command: str
    python: bool
    nodejs: bool
    vpc: bool
    private: bool
    reserved_concurrency: bool
    always_reserved: bool
    short_log_retention: bool
    most_interfaces: int


def costs(environment: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what the functions add to an environment's inventory, from the environment's facts."""
    facts = environment["functions"]
    subscribers = facts["fan_out"] * FUNCTIONS["fan-out"]
    count = facts["queue"] * FUNCTIONS["queue"] + facts["command"] * FUNCTIONS["command"] + subscribers
    dead_letter_queues = facts["queue"] + facts["command"] + subscribers
    return {
        "kms_keys": 1,
        "log_groups": count,
        # Errors and throttles of each function, each dead-letter queue, and how long the queue's messages wait (F7).
        "alarms": 2 * count + dead_letter_queues + facts["queue"],
        "functions": (facts["arch"],) * count,
    }


def environment_facts(answers: Answers) -> FunctionsFacts:
    """Return one environment's functions."""
    functions = answers.functions
    return FunctionsFacts(
        name=answers.environment,
        arch=answers.arch,
        command="command" in functions.shapes,
        queue="queue" in functions.shapes,
        fan_out="fan-out" in functions.shapes,
        eventbridge="fan-out" in functions.shapes and functions.fan_out_source == "eventbridge",
        runtime=functions.runtime,
        memory_size=functions.memory_size,
        timeout=functions.timeout,
        maximum_concurrency=functions.maximum_concurrency,
        reserved_concurrency=functions.reserved_concurrency,
        vpc=functions.vpc,
        private=functions.vpc and answers.nat == "none",
        gateway_endpoints=("dynamodb", "s3") if answers.network.dynamodb_endpoint else ("s3",),
        interfaces=answers.az_count if functions.vpc else 0,
        alarm_topic_arns=tuple(functions.alarm_topic_arns),
        log_retention_days=functions.log_retention_days,
    )


def module_facts(environments: Sequence[FunctionsFacts]) -> FunctionsModuleFacts:
    """Return what the module must serve so that all environments can use it.

    Args:
        environments: those that have functions, at least one. They agree on all that is the same everywhere.
    """
    first = environments[0]
    family = "python" if first.runtime.startswith("python") else "nodejs"
    shapes = {"command": first.command, "queue": first.queue, "fan-out": first.fan_out}
    return FunctionsModuleFacts(
        command=first.command,
        queue=first.queue,
        fan_out=first.fan_out,
        eventbridge=first.eventbridge,
        sns=first.fan_out and not first.eventbridge,
        asynchronous=first.command or first.fan_out,
        commands=COMMANDS,
        subscribers=SUBSCRIBERS,
        folders=tuple(sorted(FOLDERS[shape] for shape, there in shapes.items() if there)),
        runtime=first.runtime,
        version=first.runtime.removeprefix(family).removesuffix(".x"),
        title=LANGUAGES[family].title,
        test_command=LANGUAGES[family].test,
        python=family == "python",
        nodejs=family == "nodejs",
        vpc=first.vpc,
        private=any(each.private for each in environments),
        reserved_concurrency=any(each.reserved_concurrency is not None for each in environments),
        always_reserved=all(each.reserved_concurrency is not None for each in environments),
        short_log_retention=any(each.log_retention_days < AUDITABLE_RETENTION_DAYS for each in environments),
        most_interfaces=MOST_INTERFACES,
    )


def aws_provider_version(facts: FunctionsModuleFacts) -> str:
    """Return the first provider minor that has every argument the module uses, and takes its runtime."""
    return RUNTIME_PROVIDER_VERSIONS.get(facts.runtime, AWS_PROVIDER_VERSION)
