"""What follows from the answers for durable Lambda functions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scaffold.answers.base import AUDITABLE_RETENTION_DAYS
from scaffold.answers.model import Answers
from scaffold.blueprint.environment import ProviderFacts

AWS_PROVIDER_VERSION = "6.25"
"""The first with durable_config. Source: its change log."""

PROVIDERS: tuple[ProviderFacts, ...] = (ProviderFacts("archive", "hashicorp/archive", "~> 2.7"),)
"""What packs the functions' code."""

PACKAGE = "functions/workflow/build/package"
"""The folder that becomes the package of the workflow and of the functions of its API."""

FUNCTIONS = 3
"""The workflow, and the API's: one that starts and shows orders, one that takes decisions."""

LOG_GROUPS = FUNCTIONS + 1
"""One for each function, and the API's access log."""

ALARMS = 10
"""Errors and throttles of each function, failed and timed-out executions, dead letters, the API's own failures (D7)."""


@dataclass(frozen=True, slots=True)
class Language:
    """How functions/workflow is written, tested and packaged in one language.

    Attributes:
        title: its name for people.
        builds: the commands, run in functions/workflow, that fill the package; `{version}` is the runtime's number.
        test: the command, run in functions/workflow, that tests the functions. It needs no SDK.
        toolchain: what both need on the machine.
        sdk: what the SDK is called where it comes from.
    """

    title: str
    builds: tuple[str, ...]
    test: str
    toolchain: str
    sdk: str


LANGUAGES: Mapping[str, Language] = {
    "python": Language(
        title="Python",
        builds=(
            "rm -rf build/package",
            "python3 -m pip install --quiet --disable-pip-version-check --no-compile --no-deps --only-binary=:all: "
            "--python-version {version} --target build/package --requirement requirements.txt",
            "cp src/*.py build/package/",
        ),
        test="python3 -m unittest discover -s tests",
        toolchain="Python and pip",
        sdk="aws-durable-execution-sdk-python",
    ),
    "nodejs": Language(
        title="Node.js",
        builds=(
            # The lock is made once and committed; after that it says what is installed, whatever is newer.
            "{{ test -f package-lock.json || npm install --package-lock-only --no-audit --no-fund; }}",
            "npm ci --omit=dev --ignore-scripts --no-audit --no-fund",
            "rm -rf build/package",
            "mkdir -p build/package",
            "cp -R src/. package.json node_modules build/package/",
        ),
        test="node --test tests/*.test.mjs",
        toolchain="Node.js and npm",
        sdk="@aws/durable-execution-sdk-js",
    ),
}


@dataclass(frozen=True, slots=True)
class DurableFacts:
    """One environment's workflow and API.

    Attributes:
        name: the environment's name.
        arch: `arm64` or `x86_64`.
        runtime: the runtime.
        family: what the runtime is a version of.
        source_dir: the folder of the package, relative to the repository's root.
        execution_timeout: seconds of an execution.
        execution_time: the same for people to read, such as `7 days`.
        retention_period: days that Lambda keeps the history of an execution.
        jwt: whether tokens let callers in, rather than IAM.
        jwt_issuer: who issues the tokens; empty without.
        jwt_audience: whom the tokens have to be for, in name order.
        throttling_rate_limit: requests a second.
        throttling_burst_limit: requests at once on top.
        alarm_topic_arns: the topics alarms notify.
        log_retention_days: days to keep logs.
    """

    name: str
    arch: str
    runtime: str
    family: str
    source_dir: str
    execution_timeout: int
    execution_time: str
    retention_period: int
    jwt: bool
    jwt_issuer: str
    jwt_audience: tuple[str, ...]
    throttling_rate_limit: int
    throttling_burst_limit: int
    alarm_topic_arns: tuple[str, ...]
    log_retention_days: int


@dataclass(frozen=True, slots=True)
class WorkflowFacts:
    """functions/workflow, which all environments share.

    Attributes:
        runtime: the runtime.
        version: the runtime's number, such as `3.13`.
        title: the language.
        toolchain: what building and testing need.
        sdk: what the SDK is called.
        build_command: fills the package, run in functions/workflow.
        test_command: tests the functions, run in functions/workflow.
        python: whether it is written in Python.
        nodejs: whether it is written in Node.js.
    """

    runtime: str
    version: str
    title: str
    toolchain: str
    sdk: str
    build_command: str
    test_command: str
    python: bool
    nodejs: bool


@dataclass(frozen=True, slots=True)
class DurableModuleFacts:
    """What the module must be able to do, for all environments together.

    Attributes:
        jwt: whether tokens let callers in, rather than IAM.
        short_log_retention: whether any environment keeps logs for less than a year.
        workflow: the code that all environments share.
    """

    jwt: bool
    short_log_retention: bool
    workflow: WorkflowFacts


def costs(environment: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what the workflow and its API add to an environment's inventory, from the environment's facts."""
    return {
        "kms_keys": 1,
        "log_groups": LOG_GROUPS,
        "alarms": ALARMS,
        "functions": (environment["arch"],) * FUNCTIONS,
        "durable_functions": 1,
        "http_apis": 1,
    }


def environment_facts(answers: Answers) -> DurableFacts:
    """Return one environment's workflow and API."""
    durable = answers.durable
    return DurableFacts(
        name=answers.environment,
        arch=answers.arch,
        runtime=durable.runtime,
        family=durable.family,
        source_dir=PACKAGE,
        execution_timeout=durable.execution_timeout,
        execution_time=_in_words(durable.execution_timeout),
        retention_period=durable.retention_period,
        jwt=durable.authorizer == "jwt",
        jwt_issuer=durable.jwt_issuer or "",
        jwt_audience=tuple(sorted(durable.jwt_audience)),
        throttling_rate_limit=durable.throttling_rate_limit,
        throttling_burst_limit=durable.throttling_burst_limit,
        alarm_topic_arns=tuple(durable.alarm_topic_arns),
        log_retention_days=durable.log_retention_days,
    )


def module_facts(environments: Sequence[DurableFacts]) -> DurableModuleFacts:
    """Return what the module must serve so that all environments can use it.

    Args:
        environments: those that have durable functions, at least one. Their runtime and authoriser agree.
    """
    first = environments[0]
    return DurableModuleFacts(
        jwt=first.jwt,
        short_log_retention=any(each.log_retention_days < AUDITABLE_RETENTION_DAYS for each in environments),
        workflow=_workflow_facts(first),
    )


def aws_provider_version(facts: DurableModuleFacts) -> str:
    """Return the first provider minor that has every argument the module uses."""
    return AWS_PROVIDER_VERSION


def _workflow_facts(first: DurableFacts) -> WorkflowFacts:
    language = LANGUAGES[first.family]
    version = first.runtime.removeprefix(first.family).removesuffix(".x")
    return WorkflowFacts(
        runtime=first.runtime,
        version=version,
        title=language.title,
        toolchain=language.toolchain,
        sdk=language.sdk,
        build_command=" && ".join(build.format(version=version) for build in language.builds),
        test_command=language.test,
        python=first.family == "python",
        nodejs=first.family == "nodejs",
    )


def _in_words(seconds: int) -> str:
    """Return a duration in the largest unit that says it in a whole number: `7 days`, `90 minutes`, `1 second`."""
    lengths = {"day": 86_400, "hour": 3_600, "minute": 60, "second": 1}
    unit = next(unit for unit, length in lengths.items() if seconds % length == 0)
    count = seconds // lengths[unit]
    return f"{count} {unit}{'' if count == 1 else 's'}"
