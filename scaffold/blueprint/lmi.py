"""What follows from the answers for Lambda Managed Instances."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scaffold.answers.base import AUDITABLE_RETENTION_DAYS
from scaffold.answers.model import Answers
from scaffold.blueprint.environment import ProviderFacts

CARGO_TARGETS = {"arm64": "aarch64-unknown-linux-gnu", "x86_64": "x86_64-unknown-linux-gnu"}
"""What cargo calls the architectures."""

AWS_PROVIDER_VERSION = "6.24"
"""The first with aws_lambda_capacity_provider, capacity_provider_config and publish_to. Source: its change log."""

RUNTIME_PROVIDER_VERSIONS: Mapping[str, str] = {"dotnet10": "6.27"}
"""The first that takes a runtime, where that is newer. Source: https://github.com/hashicorp/terraform-provider-aws/issues/45864."""


@dataclass(frozen=True, slots=True)
class Language:
    """How functions/worker is written, tested and packaged in one language.

    Attributes:
        title: its name for people.
        handler: what Lambda calls, in the notation of the runtime.
        package: the folder that becomes the function's package, relative to functions/worker; `{arch}` is the
            architecture.
        builds: the commands, run in functions/worker, that fill that folder; empty where the source is the package.
            `{version}` is the runtime's number and `{target}` what cargo calls the architecture.
        test: the command, run in functions/worker, that tests the function.
        toolchain: what both need on the machine.
        concurrency: what concurrent requests share.
        file_mode: the mode of the packaged files.
    """

    title: str
    handler: str
    package: str
    builds: tuple[str, ...]
    test: str
    toolchain: str
    concurrency: str
    file_mode: str = "0644"


LANGUAGES: Mapping[str, Language] = {
    "python": Language(
        title="Python",
        handler="handler.handler",
        package="src",
        builds=(),
        test="python3 -m unittest discover -s tests",
        toolchain="Python",
        concurrency="Each request has a process of its own: globals are not shared, /tmp is.",
    ),
    "nodejs": Language(
        title="Node.js",
        handler="handler.handler",
        package="src",
        builds=(),
        test="node --test tests/handler.test.mjs",
        toolchain="Node.js",
        concurrency="Requests share one thread's memory and interleave at every await: no request in a global. /tmp is "
        "shared too.",
    ),
    "java": Language(
        title="Java",
        handler="worker.Handler::handle",
        package="build/package",
        builds=(
            "rm -rf build/package",
            "javac --release {version} -cp build/provided -d build/package $(find src -name '*.java')",
        ),
        test="javac -cp build/provided -d build/test $(find src tests -name '*.java') && "
        "java -ea -cp build/provided:build/test worker.HandlerTest",
        toolchain="a JDK",
        concurrency="Requests are threads of one process: statics and the handler object are shared, and so is /tmp.",
    ),
    "dotnet": Language(
        title=".NET",
        handler="Worker::Worker.Handler::HandleAsync",
        package="build",
        builds=("rm -rf build", "dotnet publish src --configuration Release --output build"),
        test="dotnet test tests",
        toolchain="the .NET SDK",
        concurrency="Requests are tasks of one process: statics and the handler object are shared, and so is /tmp.",
    ),
    "provided": Language(
        title="Rust",
        handler="bootstrap",
        package="build/{arch}",
        builds=("cargo lambda build --release --target {target} --lambda-dir build/{arch} --flatten worker",),
        test="cargo test --manifest-path logic/Cargo.toml",
        toolchain="cargo and cargo-lambda",
        concurrency="Requests are Tokio tasks of one process: what they share has to be Sync. /tmp is shared too.",
        file_mode="0755",
    ),
}

# The interfaces Java compiles against come with the runtime; these are compiled first and stay out of the package.
_JAVA_PROVIDED = "javac -d build/provided $(find provided -name '*.java')"


@dataclass(frozen=True, slots=True)
class LmiFacts:
    """One environment's capacity provider and function.

    Attributes:
        name: the environment's name.
        arch: `arm64` or `x86_64`.
        max_vcpu_count: the cap.
        scaling_mode: `Auto` or `Manual`.
        target_value: the CPU utilization to hold, in percent; None with `Auto`.
        allowed_instance_types: the only instance types, in name order; empty for any.
        excluded_instance_types: the types excluded, in name order.
        runtime: the runtime.
        family: what the runtime is a version of.
        handler: what Lambda calls.
        source_dir: the folder of the package, relative to the repository's root.
        memory_size: MB of one execution environment.
        gib_per_vcpu: GiB of memory for each vCPU.
        vcpus: vCPUs of one execution environment, for people to read.
        max_concurrency: concurrent requests of one execution environment.
        timeout: seconds of an invocation.
        sqs: whether a queue brings the work.
        private: whether there is no NAT, so that instances reach only the VPC and gateway endpoints.
        gateway_endpoints: the services with a gateway endpoint, in name order.
        alarm_topic_arns: the topics alarms notify.
        log_retention_days: days to keep logs.
    """

    name: str
    arch: str
    max_vcpu_count: int
    scaling_mode: str
    target_value: int | None
    allowed_instance_types: tuple[str, ...]
    excluded_instance_types: tuple[str, ...]
    runtime: str
    family: str
    handler: str
    source_dir: str
    memory_size: int
    gib_per_vcpu: int
    vcpus: str
    max_concurrency: int
    timeout: int
    sqs: bool
    private: bool
    gateway_endpoints: tuple[str, ...]
    alarm_topic_arns: tuple[str, ...]
    log_retention_days: int


@dataclass(frozen=True, slots=True)
class FunctionFacts:
    """functions/worker, which all environments share.

    Attributes:
        runtime: the runtime.
        version: the runtime's number, such as `21`; empty where it has none of its own.
        handler: what Lambda calls.
        title: the language.
        toolchain: what building and testing need.
        concurrency: what concurrent requests share.
        build_command: fills the package, run in functions/worker; empty where the source is the package.
        test_command: tests the function, run in functions/worker.
        file_mode: the mode of the packaged files.
        python: whether it is written in Python; and so on for the other languages.
    """

    runtime: str
    version: str
    handler: str
    title: str
    toolchain: str
    concurrency: str
    build_command: str
    test_command: str
    file_mode: str
    python: bool
    nodejs: bool
    java: bool
    dotnet: bool
    rust: bool


@dataclass(frozen=True, slots=True)
class LmiModuleFacts:
    """What the module must be able to do, for all environments together.

    Attributes:
        sqs: whether a queue brings the work.
        private: whether any environment has no NAT.
        manual_scaling: whether any environment holds a CPU utilization.
        allowed_instance_types: whether any environment names the only instance types.
        excluded_instance_types: whether any environment excludes instance types.
        short_log_retention: whether any environment keeps logs for less than a year.
        function: the function that all environments share.
    """

    sqs: bool
    private: bool
    manual_scaling: bool
    allowed_instance_types: bool
    excluded_instance_types: bool
    short_log_retention: bool
    function: FunctionFacts


PROVIDERS = (ProviderFacts("archive", "hashicorp/archive", "~> 2.7"),)
"""What packs the function's code."""

ALARMS = 5
"""Throttles, errors, CPU utilization, failed starts and dead letters; a queue has one more (L8)."""


def costs(environment: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what the function adds to an environment's inventory, from the environment's facts."""
    return {
        "kms_keys": 1,
        "log_groups": 1,
        "alarms": ALARMS + environment["lmi"]["sqs"],
        "capacity_providers": (environment["arch"],),
    }


def environment_facts(answers: Answers) -> LmiFacts:
    """Return one environment's capacity provider and function.

    Raises:
        ValueError: the answers have no `lmi.max_vcpu_count`; the rules (L3) refuse such answers before.
    """
    lmi = answers.lmi
    if lmi.max_vcpu_count is None:
        raise ValueError("lmi.max_vcpu_count is missing")
    language = LANGUAGES[lmi.family]
    private = answers.nat == "none"
    return LmiFacts(
        name=answers.environment,
        arch=answers.arch,
        max_vcpu_count=lmi.max_vcpu_count,
        scaling_mode=lmi.scaling_mode,
        target_value=lmi.target_value,
        allowed_instance_types=tuple(sorted(lmi.allowed_instance_types or ())),
        excluded_instance_types=tuple(sorted(lmi.excluded_instance_types or ())),
        runtime=lmi.runtime,
        family=lmi.family,
        handler=language.handler,
        source_dir=_source_dir(language, answers.arch),
        memory_size=lmi.memory_size,
        gib_per_vcpu=lmi.gib_per_vcpu,
        vcpus=f"{lmi.vcpus:g}",
        max_concurrency=lmi.max_concurrency,
        timeout=lmi.timeout,
        sqs=lmi.event_source == "sqs",
        private=private,
        gateway_endpoints=("dynamodb", "s3") if answers.network.dynamodb_endpoint else ("s3",),
        alarm_topic_arns=tuple(lmi.alarm_topic_arns),
        log_retention_days=lmi.log_retention_days,
    )


def module_facts(environments: Sequence[LmiFacts]) -> LmiModuleFacts:
    """Return what the module must serve so that all environments can use it.

    Args:
        environments: those that have Lambda Managed Instances, at least one. Their runtime and event source agree.
    """
    first = environments[0]
    return LmiModuleFacts(
        sqs=first.sqs,
        private=any(environment.private for environment in environments),
        manual_scaling=any(environment.scaling_mode == "Manual" for environment in environments),
        allowed_instance_types=any(environment.allowed_instance_types for environment in environments),
        excluded_instance_types=any(environment.excluded_instance_types for environment in environments),
        short_log_retention=any(
            environment.log_retention_days < AUDITABLE_RETENTION_DAYS for environment in environments
        ),
        function=_function_facts(first, sorted({environment.arch for environment in environments})),
    )


def aws_provider_version(facts: LmiModuleFacts) -> str:
    """Return the first provider minor that has every argument the module uses, and takes its runtime."""
    return RUNTIME_PROVIDER_VERSIONS.get(facts.function.runtime, AWS_PROVIDER_VERSION)


def _function_facts(first: LmiFacts, archs: Sequence[str]) -> FunctionFacts:
    language = LANGUAGES[first.family]
    version = first.runtime.removeprefix(first.family).removesuffix(".x").strip(".")
    commands = dict.fromkeys(
        build.format(version=version, target=CARGO_TARGETS[arch], arch=arch)
        for build in language.builds
        for arch in archs
    )
    provided = (_JAVA_PROVIDED,) if first.family == "java" else ()
    return FunctionFacts(
        runtime=first.runtime,
        version="" if first.family == "provided" else version,
        handler=language.handler,
        title=language.title,
        toolchain=language.toolchain,
        concurrency=language.concurrency,
        build_command=" && ".join((*provided, *commands)),
        test_command=" && ".join((*provided, language.test)),
        file_mode=language.file_mode,
        python=first.family == "python",
        nodejs=first.family == "nodejs",
        java=first.family == "java",
        dotnet=first.family == "dotnet",
        rust=first.family == "provided",
    )


def _source_dir(language: Language, arch: str) -> str:
    return f"functions/worker/{language.package.format(arch=arch)}"
