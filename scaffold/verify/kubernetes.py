"""Kubernetes manifests against the schemas of their Kubernetes version, and against each other."""

from collections.abc import Mapping
from pathlib import PurePosixPath

from scaffold.files import File
from scaffold.kubernetes import relations, schema
from scaffold.kubernetes.documents import Node, UnreadableError, Violation, read
from scaffold.verify.verdict import Finding, Tree, Verdict, judged, not_run, unread_findings

NAME = "kubernetes"


def verify(tree: Tree) -> Verdict:
    """Verify every manifest of a tree.

    Args:
        tree: the repository. The manifests are those in the folders of `tree.kubernetes_versions`; when that is empty,
            those in folders that hold a kustomization.yaml or files that look like Kubernetes objects, and then they
            are judged by the newest version that schemas are shipped for.

    Returns:
        Failed with what is wrong, each with its file and line, and what the tree could not read in those folders or
        below `k8s/`; passed with the number of objects and the versions; not run when there are no manifests, or when
        some are for a version that no schemas are shipped for.
    """
    folders = tree.kubernetes_versions or _found_folders(tree.files)
    findings = unread_findings(tree, lambda path: _is_yaml(path) and _in_manifests_folder(path, folders))
    if not folders:
        return _not_verified("there are no Kubernetes manifests", findings)
    unknown = sorted(set(folders.values()) - set(schema.versions()))
    if unknown:
        known = ", ".join(schema.versions())
        return _not_verified(
            f"there are no schemas for Kubernetes {', '.join(unknown)}; there are for {known}", findings
        )
    count = 0
    for folder, version in sorted(folders.items()):
        seen, found = _folder(tree, folder, schema.schemas(version))
        count += seen
        findings += found
        if folder in tree.kubernetes_versions and not seen:
            findings.append(
                Finding("no-manifests", f"{folder} has no Kubernetes objects.", mend="Check the folder's name.")
            )
    objects = "1 object" if count == 1 else f"{count} objects"
    reason = f"{objects} against Kubernetes {', '.join(sorted(set(folders.values())))}"
    if not tree.kubernetes_versions:
        reason += ", the newest version known here: the tree does not say which it is for"
    return judged(NAME, findings, reason)


def _in_manifests_folder(path: str, folders: Mapping[str, str]) -> bool:
    return path.startswith("k8s/") or str(PurePosixPath(path).parent) in folders


def _not_verified(reason: str, findings: list[Finding]) -> Verdict:
    return judged(NAME, findings, reason) if findings else not_run(NAME, reason)


def _found_folders(files: tuple[File, ...]) -> Mapping[str, str]:
    folders = {
        str(PurePosixPath(file.path).parent)
        for file in files
        if PurePosixPath(file.path).name in relations.KUSTOMIZATION_NAMES
        or (_is_yaml(file.path) and _looks_like_objects(file))
    }
    return dict.fromkeys(sorted(folders), schema.versions()[-1])


def _looks_like_objects(file: File) -> bool:
    lines = file.text.splitlines()
    return any(line.startswith("apiVersion:") for line in lines) and any(line.startswith("kind:") for line in lines)


def _is_yaml(path: str) -> bool:
    return path.endswith((".yaml", ".yml"))


def _folder(tree: Tree, folder: str, version: schema.Schemas) -> tuple[int, list[Finding]]:
    """Return how many objects a folder holds, and what is wrong with them."""
    files = [file for file in tree.files if str(PurePosixPath(file.path).parent) == folder and _is_manifest(file)]
    findings: list[Finding] = []
    documents: list[tuple[str, Node]] = []
    kustomization: tuple[str, Node] | None = None
    for file in files:
        try:
            read_documents = read(file.text)
        except UnreadableError as error:
            findings.append(_finding(file.path, error.violation))
            continue
        for document in read_documents:
            findings += (_finding(file.path, one) for one in schema.violations(document, version))
            if PurePosixPath(file.path).name in relations.KUSTOMIZATION_NAMES:
                kustomization = (file.path, document)
            else:
                documents.append((file.path, document))
    namespace = None
    if kustomization:
        path, document = kustomization
        node = document.at("namespace")
        namespace = node.string if node else None
        paths = [file.path for file in tree.files]
        findings += (_finding(path, one) for one in relations.kustomization_violations(document, path, paths))
    elif files and folder in tree.kubernetes_versions and not any(_is_kustomization(file) for file in files):
        findings.append(
            Finding(
                "kustomization", f"{folder} has no kustomization.yaml.", mend="Add one that lists the folder's files."
            )
        )
    objects = relations.objects(documents, namespace)
    findings += (_finding(one.file, one.violation) for one in relations.violations(objects))
    return len(documents), sorted(findings, key=_place)


def _is_manifest(file: File) -> bool:
    return _is_yaml(file.path) or _is_kustomization(file)


def _is_kustomization(file: File) -> bool:
    return PurePosixPath(file.path).name in relations.KUSTOMIZATION_NAMES


def _place(finding: Finding) -> tuple[str, int]:
    return finding.file or "", finding.line or 0


def _finding(file: str, violation: Violation) -> Finding:
    return Finding(violation.rule, violation.message, file, violation.line, violation.mend)
