"""E11: volumes are gp3, encrypted, and made where the pod is."""

from collections.abc import Iterator

from scaffold.facts import Facts
from scaffold.opinions.manifests import expect, field, for_each_object, is_open, text_at
from scaffold.opinions.opinion import Judgement, Opinion
from scaffold.repository.model import Manifest

_PROVISIONER = "ebs.csi.eks.amazonaws.com"

_EBS = frozenset({_PROVISIONER, "ebs.csi.aws.com", "kubernetes.io/aws-ebs"})
"""Who makes EBS volumes: Auto Mode, the EBS CSI driver as an add-on, and the one that was built into Kubernetes."""

_OLD_TYPES = frozenset({"gp2", "standard"})
"""What gp3 replaces. io2, st1 and the like are chosen for a reason."""


def _is_about(manifest: Manifest) -> bool:
    if manifest.kind != "StorageClass" or not manifest.api_version.startswith("storage.k8s.io/"):
        return False
    provisioner = field(manifest.node, "provisioner")
    return provisioner is None or is_open(provisioner) or text_at(manifest.node, "provisioner") in _EBS


def _faults(facts: Facts, manifest: Manifest) -> Iterator[Judgement]:
    yield from expect(manifest, ("provisioner",), lambda node: node.value == _PROVISIONER, _PROVISIONER)
    if field(manifest.node, "parameters", "type") is not None:  # without, it is gp3
        yield from expect(manifest, ("parameters", "type"), lambda node: node.value not in _OLD_TYPES, "gp3")
    yield from expect(manifest, ("parameters", "encrypted"), lambda node: node.text.lower() == "true", '"true"')
    wait = "WaitForFirstConsumer"
    yield from expect(manifest, ("volumeBindingMode",), lambda node: node.value == wait, wait)
    yield from expect(manifest, ("allowVolumeExpansion",), lambda node: node.value is True, "true")


_EXAMPLE = """\
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata:
  name: gp3
provisioner: ebs.csi.eks.amazonaws.com
parameters:
  type: gp3
  encrypted: "true"
allowVolumeExpansion: true
volumeBindingMode: %s
"""

OPINION = Opinion(
    id="E11",
    title="StorageClass of Auto Mode's own provisioner: gp3, encrypted, bound where the pod is, expandable",
    why="Auto Mode brings no StorageClass, and its nodes mount no volumes of other provisioners. With Immediate "
    "binding a volume is made in some AZ, and a pod in another one waits for it for ever.",
    mend='Write a StorageClass with provisioner ebs.csi.eks.amazonaws.com, type gp3, encrypted "true", '
    "volumeBindingMode WaitForFirstConsumer and allowVolumeExpansion true.",
    source="https://docs.aws.amazon.com/eks/latest/userguide/create-storage-class.html",
    judge=for_each_object(_is_about, _faults, "makes gp3 volumes, encrypted, in the AZ of the pod"),
    good={"k8s/storageclass-gp3.yaml": _EXAMPLE % "WaitForFirstConsumer"},
    bad={"k8s/storageclass-gp3.yaml": _EXAMPLE % "Immediate"},
)
