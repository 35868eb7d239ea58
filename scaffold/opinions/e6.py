"""E6: Kubernetes secrets are encrypted with a key of one's own that rotates."""

from collections.abc import Iterator

from scaffold.evaluate.values import Symbol, known
from scaffold.facts.cluster import Cluster, flag
from scaffold.opinions.clusters import for_each_cluster
from scaffold.opinions.judging import broken, shown, unknown
from scaffold.opinions.opinion import Judgement, Opinion

_KEY = ("encryption_config", "provider", "key_arn")


def _faults(cluster: Cluster) -> Iterator[Judgement]:
    arn, key = cluster.key_arn, cluster.secrets_key
    if arn is None:
        yield broken(
            f"{cluster.address} encrypts Kubernetes secrets with a key of AWS's.", cluster.cluster.place_of(*_KEY)
        )
    elif key is None:
        yield unknown(
            f"{cluster.address}: whether the key of its secrets rotates cannot be told, as it is not made here: "
            f"{shown(arn)}.",
            cluster.cluster.place_of(*_KEY),
        )
    else:
        rotates, place = flag(key.get("enable_key_rotation"), False), key.place_of("enable_key_rotation")
        if not known(rotates) or not key.certain:
            reason = rotates.text if isinstance(rotates, Symbol) else "which may be there or not"
            yield unknown(f"{key.address}: whether it rotates cannot be told: {reason}.", place)
        elif rotates is not True:
            yield broken(
                f"{key.address}, which encrypts Kubernetes secrets, does not rotate.",
                place,
                "Set enable_key_rotation = true.",
            )


_EXAMPLE = """\
resource "aws_kms_key" "secrets" {
  description         = "Kubernetes secrets of shop"
  enable_key_rotation = %s
}

resource "aws_eks_cluster" "this" {
  name = "shop"

  encryption_config {
    resources = ["secrets"]

    provider {
      key_arn = aws_kms_key.secrets.arn
    }
  }
}
"""

OPINION = Opinion(
    id="E6",
    title="Kubernetes secrets under a customer-managed KMS key with rotation",
    why="With a key of AWS's nobody sees who decrypts, and nobody can take the right away. A key that does not rotate "
    "protects every secret ever written, for ever.",
    mend='Give the cluster encryption_config { resources = ["secrets"], provider { key_arn = … } } with an aws_kms_key '
    "that has enable_key_rotation = true; it cannot be taken away again.",
    source="https://docs.aws.amazon.com/eks/latest/userguide/envelope-encryption.html",
    judge=for_each_cluster(
        _faults, lambda cluster: f"{cluster.address} encrypts Kubernetes secrets with a key of its own that rotates."
    ),
    good={"main.tf": _EXAMPLE % "true"},
    bad={"main.tf": _EXAMPLE % "false"},
)
