"""Verifies that every Terraform file and workflow parses, and that a module declares nothing twice."""

from collections.abc import Iterator

from scaffold.hcl import Block, Body, Document, Module, is_terraform, modules
from scaffold.verify.verdict import Finding, Tree, Verdict, judged, not_run, unread_findings
from scaffold.verify.workflows import workflow_findings

NAME = "syntax"

_CONFIGURATION = {
    "check": 1,
    "data": 2,
    "ephemeral": 2,
    "import": 0,
    "locals": 0,
    "module": 1,
    "moved": 0,
    "output": 1,
    "provider": 1,
    "removed": 0,
    "resource": 2,
    "terraform": 0,
    "variable": 1,
}
"""The blocks a `.tf` file may hold, with the number of their labels (Terraform's configuration language, 1.11)."""

_TEST = {
    "mock_provider": 1,
    "override_data": 0,
    "override_module": 0,
    "override_resource": 0,
    "provider": 1,
    "run": 1,
    "test": 0,
    "variables": 0,
}
"""The blocks a `.tftest.hcl` file may hold, in the same way."""

_SYNTAX_MEND = "Mend it there or just above; later problems of the file may follow from it."

_UNIQUE = frozenset(("check", "data", "ephemeral", "module", "output", "resource", "run", "variable"))
"""Blocks whose labels are an address, which a module has once."""


def verify(tree: Tree) -> Verdict:
    """Judge the syntax of every `.tf` and `.tftest.hcl` file of `tree`, and whether its workflows are YAML.

    Rules: `syntax` (what Terraform's parser refuses, and workflows that are no YAML), `structure` (blocks that do not
    belong there), `duplicate`, `unread` (Terraform files, those in JSON too, that the tree could not read).
    """
    count = sum(is_terraform(file.path) for file in tree.files)
    findings = unread_findings(tree, lambda path: is_terraform(path) or path.endswith((".tf.json", "/")))
    findings += workflow_findings(tree.files)
    if not count and not findings:
        return not_run(NAME, "there are no Terraform files")
    for module in modules(tree.files):
        for path, document in (*module.files, *module.tests):
            findings += _problems(path, document)
        findings += _duplicates(module)
    findings.sort(key=lambda finding: (finding.file or "", finding.line or 0))
    return judged(NAME, findings, f"{count} {'file' if count == 1 else 'files'} parsed")


def _problems(path: str, document: Document) -> Iterator[Finding]:
    for problem in document.problems:
        yield Finding("syntax", problem.message, path, problem.line, _SYNTAX_MEND)
    if not document.problems:
        yield from _structure(path, document)
    yield from _repeated_arguments(path, document.body)


def _structure(path: str, document: Document) -> Iterator[Finding]:
    allowed = _TEST if path.endswith(".tftest.hcl") else _CONFIGURATION
    for attribute in document.body.attributes:
        message = f"The argument `{attribute.name}` stands outside any block."
        mend = "Put it into the block it belongs to; a value of your own goes into `locals`."
        yield Finding("structure", message, path, attribute.line, mend)
    for block in document.body.blocks:
        if block.type not in allowed:
            mend = f"Here belong: {', '.join(sorted(allowed))}."
            yield Finding("structure", f"There is no block type `{block.type}` here.", path, block.line, mend)
        elif len(block.labels) != allowed[block.type]:
            wanted = allowed[block.type]
            labels = "label" if wanted == 1 else "labels"
            message = f"A `{block.type}` block has {wanted or 'no'} {labels}; this one has {len(block.labels)}."
            names = " ".join(f'"{name}"' for name in ("…",) * wanted)
            yield Finding(
                "structure", message, path, block.line, f"Write `{' '.join((block.type, names)).strip()} {{`."
            )


def _repeated_arguments(path: str, top: Body) -> Iterator[Finding]:
    bodies = [top]
    while bodies:
        body = bodies.pop()
        seen: dict[str, int] = {}
        for attribute in body.attributes:
            if attribute.name in seen:
                message = f"The argument `{attribute.name}` is already set in line {seen[attribute.name]}."
                yield Finding("duplicate", message, path, attribute.line, "Keep one of the two.")
            else:
                seen[attribute.name] = attribute.line
        bodies.extend(block.body for block in body.blocks)


def _duplicates(module: Module) -> Iterator[Finding]:
    seen: dict[tuple[str, ...], str] = {}
    for path, document in module.files:
        if path.endswith("override.tf"):  # such files repeat addresses: that is what they are for
            continue
        for block in document.body.blocks:
            yield from _seen_again(_addresses(block), path, seen)
    for path, document in module.tests:
        in_file: dict[tuple[str, ...], str] = {}
        for block in document.body.blocks:
            yield from _seen_again(_addresses(block), path, in_file)


def _addresses(block: Block) -> Iterator[tuple[tuple[str, ...], int]]:
    if block.type == "locals":
        for attribute in block.body.attributes:
            yield ("local", attribute.name), attribute.line
    elif block.type == "provider":
        alias = block.body.value("alias")
        yield ("provider", *block.labels, alias if isinstance(alias, str) else ""), block.line
    elif block.type in _UNIQUE:
        yield (block.type, *block.labels), block.line


def _seen_again(
    addresses: Iterator[tuple[tuple[str, ...], int]], path: str, seen: dict[tuple[str, ...], str]
) -> Iterator[Finding]:
    for address, line in addresses:
        place = f"{path}:{line}"
        if address in seen:
            name = " ".join(part for part in address if part)
            message = f"{name} is declared a second time; the first is at {seen[address]}."
            yield Finding("duplicate", message, path, line, "Rename or remove one of the two.")
        seen.setdefault(address, place)
