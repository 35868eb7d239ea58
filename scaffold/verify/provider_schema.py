"""Verifies resources, data sources, modules and references against the schemas that the package ships.

Needs neither Terraform nor a network. What is checked, and what is not, is in docs/provider-schema.md.
"""

from collections.abc import Mapping
from typing import Any

from scaffold.hcl import UNKNOWN, Block, Module, Value, is_terraform, modules
from scaffold.verify import terraform_language as language
from scaffold.verify.api_rules import rules_for
from scaffold.verify.provider_data import ProviderData, load_provider_data
from scaffold.verify.schema_blocks import Place, Tally, check_body
from scaffold.verify.schema_references import Declared, ReferenceChecker, declared_in, local_source
from scaffold.verify.schema_types import did_you_mean
from scaffold.verify.verdict import Finding, Tree, Verdict, judged, not_run

NAME = "provider schema"


def verify(tree: Tree) -> Verdict:
    """Judge every Terraform module of `tree` against the shipped provider schemas.

    Files that do not parse are judged as far as they could be read; the syntax verifier reports the rest. Types that
    this edition does not carry are named in the verdict's reason, and are findings when no such type exists.
    """
    if not any(is_terraform(file.path) for file in tree.files):
        return not_run(NAME, "there are no Terraform files")
    data = load_provider_data()
    tally = Tally()
    found = modules(tree.files)
    declared = {module.path: _declared(module) for module in found}
    for module in found:
        _check_module(module, declared, data, tally)
    findings = sorted(set(tally.findings), key=_position)
    return judged(NAME, findings, _reason(tally, data))


def _declared(module: Module) -> Declared | None:
    """Return what a module declares, or nothing when a file does not parse and so may declare anything."""
    return None if any(document.problems for _, document in module.files) else declared_in(module)


def _position(finding: Finding) -> tuple[str, int, str]:
    return finding.file or "", finding.line or 0, finding.message


def _reason(tally: Tally, data: ProviderData) -> str:
    version = data.versions["hashicorp/aws"]
    reason = (
        f"{tally.blocks:,} blocks, {tally.arguments:,} arguments and {tally.references:,} references"
        f" against the schema of AWS provider {version}"
    )
    if tally.unverified:
        reason += f"; not verified: {', '.join(sorted(tally.unverified))}"
    return reason


def _check_module(module: Module, tree: Mapping[str, Declared | None], data: ProviderData, tally: Tally) -> None:
    for path, document in module.files:
        for block in document.body.blocks:
            if block.type in ("resource", "data", "ephemeral"):
                _check_object(block, path, data, tally)
            elif block.type == "check":
                for nested in block.body.blocks_of("data"):
                    _check_object(nested, path, data, tally)
            elif block.type == "provider":
                _check_provider(block, path, data, tally)
            elif block.type == "module":
                _check_call(block, path, module, tree, tally)
            elif block.type == "terraform":
                _check_settings(block, path, data, tally)
            elif block.type in ("output", "variable") and block.labels:
                place = Place(path, f"{block.type} `{block.labels[0]}`", block.line)
                check_body(block.body, language.BLOCKS[block.type], place, tally)
    for path, document in module.tests:
        for block in document.body.blocks:
            if block.type == "mock_provider":
                _check_mock(block, path, data, tally)
            elif block.type == "provider":
                _check_provider(block, path, data, tally)
    declared = tree[module.path]
    if declared is None:
        tally.unverified.add(f"the names in {module.path}")
    else:
        ReferenceChecker(module, declared, tree, data, tally).check()


def _check_object(block: Block, path: str, data: ProviderData, tally: Tally) -> None:
    if len(block.labels) != 2:
        return
    kind, name = block.type, block.labels[0]
    schema = (
        language.BLOCKS.get(name) if name == "terraform_data" else _schema(kind, name, path, block.line, data, tally)
    )
    if schema is None:
        return
    address = f"{'' if kind == 'resource' else f'{kind}.'}{name}.{block.labels[1]}"
    place = Place(path, address, block.line, rules=rules_for(name) if kind == "resource" else {})
    meta = language.META_ARGUMENTS[kind]
    check_body(block.body, schema, place, tally, meta_arguments=meta, meta_blocks=language.META_BLOCKS)
    for lifecycle in block.body.blocks_of("lifecycle"):
        inside = place.inside("lifecycle", lifecycle.line)
        check_body(lifecycle.body, language.LIFECYCLE, inside, tally)
        ignored = lifecycle.body.attribute("ignore_changes")
        for reference in ignored.expression.references if ignored is not None else ():
            known = (*schema.get("attributes", ()), *schema.get("blocks", ()))
            if reference.parts[0] not in known and reference.parts[0] != "all":
                message = f"`ignore_changes` of {address} names `{reference.parts[0]}`, which it does not have."
                mend = did_you_mean(reference.parts[0], known)
                tally.find("unknown-attribute", message, path, reference.line, mend)


def _schema(kind: str, name: str, path: str, line: int, data: ProviderData, tally: Tally) -> dict[str, Any] | None:
    schema = data.schema(kind, name)
    if schema is not None:
        return schema
    if kind in data.all_names and name.startswith("aws_") and not data.exists(kind, name):
        what = "data source" if kind == "data" else "resource"
        version = data.versions["hashicorp/aws"]
        message = f"AWS provider {version} has no {what} type `{name}`."
        tally.find("unknown-type", message, path, line, did_you_mean(name, data.all_names[kind]))
    else:
        tally.unverified.add(name if kind == "resource" else f"{kind}.{name}")
    return None


def _check_settings(block: Block, path: str, data: ProviderData, tally: Tally) -> None:
    place = Place(path, "the terraform block", block.line)
    check_body(block.body, language.BLOCKS["terraform"], place, tally, meta_blocks=language.SETTINGS_BLOCKS)
    for required in block.body.blocks_of("required_providers"):
        tally.blocks += 1
        for provider in required.body.attributes:
            tally.arguments += 1
            requirement = provider.expression.value
            if not isinstance(requirement, dict):
                continue
            ours = f"hashicorp/{provider.name}"
            source = requirement.get("source", ours)
            # A mirror or another registry may stand before it; another namespace is another provider.
            if ours in data.versions and isinstance(source, str) and not f"/{source}".endswith(f"/{ours}"):
                message = f"The provider `{provider.name}` is taken from `{source}`, which is not {ours}."
                tally.find("provider-source", message, path, provider.line, f"Did you mean `{ours}`?")
            for name in requirement:
                if name not in language.PROVIDER_REQUIREMENT:
                    message = f"The requirement of provider `{provider.name}` has no `{name}`."
                    mend = did_you_mean(name, language.PROVIDER_REQUIREMENT)
                    tally.find("unknown-argument", message, path, provider.line, mend)


def _check_provider(block: Block, path: str, data: ProviderData, tally: Tally) -> None:
    name = block.labels[0] if block.labels else ""
    schema = data.schema("provider", name)
    if schema is not None:
        place = Place(path, f"provider `{name}`", block.line)
        check_body(block.body, schema, place, tally, meta_arguments=language.META_ARGUMENTS["provider"])


def _check_call(block: Block, path: str, module: Module, tree: Mapping[str, Declared | None], tally: Tally) -> None:
    name = block.labels[0] if block.labels else ""
    tally.blocks += 1
    if block.body.attribute("source") is None:
        message = f"The module `{name}` has no `source`."
        tally.find("missing-argument", message, path, block.line, "Add `source` with the module's folder or address.")
        return
    source = local_source(module, block)
    if source is None or source.startswith(".."):
        tally.unverified.add(f"module.{name}")
        return
    if source not in tree:
        message = f"The module `{name}` has the source {source}, and there are no Terraform files."
        tally.find("module-source", message, path, block.line, "Write the folder relative to this one's.")
        return
    target = tree[source]
    if target is None:
        return
    given = {attribute.name: attribute for attribute in block.body.attributes}
    meta = language.META_ARGUMENTS["module"]
    for argument, attribute in given.items():
        tally.arguments += 1
        if argument not in target.variables and argument not in meta:
            message = f"The module `{name}` ({source}) has no variable `{argument}`."
            tally.find("unknown-input", message, path, attribute.line, did_you_mean(argument, target.variables))
    for variable, declaration in target.variables.items():
        if variable not in given and declaration.body.attribute("default") is None:
            message = f"The module `{name}` ({source}) needs a value for `{variable}`."
            tally.find("missing-input", message, path, block.line, f"Add `{variable} = …`.")


def _check_mock(block: Block, path: str, data: ProviderData, tally: Tally) -> None:
    for mock in block.body.blocks:
        kind = {"mock_resource": "resource", "mock_data": "data"}.get(mock.type)
        if kind is None or not mock.labels:
            continue
        tally.blocks += 1
        schema = _schema(kind, mock.labels[0], path, mock.line, data, tally)
        defaults: Value = mock.body.value("defaults")
        if schema is None or defaults is UNKNOWN or not isinstance(defaults, dict):
            continue
        known = (*schema.get("attributes", ()), *schema.get("blocks", ()))
        for name in defaults:
            tally.arguments += 1
            if name not in known:
                message = f"The mock of {mock.labels[0]} sets `{name}`, which it does not have."
                tally.find("unknown-attribute", message, path, mock.line, did_you_mean(name, known))
