"""terraform-aws-modules/eks/aws: the cluster, its roles, key, log group, access entries, add-ons and node groups.

Source: https://github.com/terraform-aws-modules/terraform-aws-eks (main.tf, node_groups.tf).
"""

from collections.abc import Iterator, Mapping

from scaffold.evaluate.community import Call, Made
from scaffold.evaluate.community.building import both, either, item, truth
from scaffold.evaluate.community.eks_access import access, addons
from scaffold.evaluate.community.eks_inputs import Eks, eks_of
from scaffold.evaluate.community.eks_nodes import node_groups
from scaffold.evaluate.community.eks_roles import roles_of
from scaffold.evaluate.references import joined
from scaffold.evaluate.root import Argument, Body, Instance
from scaffold.evaluate.values import Value


def expand(call: Call) -> Made:
    """Return what a call makes."""
    if truth(call.arguments["create"].value if "create" in call.arguments else True) is False:
        return Made((), {})
    return _made(eks_of(call))


def _made(eks: Eks) -> Made:
    create = eks.inputs.on("create", default=True)
    keys = list(_key(eks, create))
    roles = list(roles_of(eks, create))
    cluster = _cluster(eks, create, roles, keys)
    instances = [cluster, *keys, *roles, *_log_group(eks, create), *access(eks, cluster, create)]
    instances += addons(eks, cluster, create)
    instances += node_groups(eks.inputs, cluster, create, eks.read("subnet_ids"))
    return Made(tuple(instances), _outputs(eks, cluster, roles, keys))


def _cluster(eks: Eks, create: bool | None, roles: list[Instance], keys: list[Instance]) -> Instance:
    arguments = {
        "name": eks.name,
        "version": eks.read("kubernetes_version"),
        "enabled_cluster_log_types": eks.read("enabled_log_types", ("audit", "api", "authenticator")),
        "bootstrap_self_managed_addons": _bootstrap(eks),
        "role_arn": eks.arn_or(roles, "this", "iam_role_arn"),
    }
    if eks.versions == (21,):
        arguments["deletion_protection"] = eks.read("deletion_protection")
    blocks = {"vpc_config": (_vpc_config(eks),)}
    unsure: set[str] = set()
    for kind, body in {**_access_config(eks), **_auto_mode_blocks(eks, roles), **_simple_blocks(eks)}.items():
        if body is None:
            unsure.add(kind)
        else:
            blocks[kind] = (body,)
    encryption = _encryption(eks, keys)
    if isinstance(encryption, Body):
        blocks["encryption_config"] = (encryption,)
    elif encryption is None:
        unsure.add("encryption_config")
    return eks.inputs.make("aws_eks_cluster", "this", arguments, blocks, sure=create, unsure_blocks=frozenset(unsure))


def _bootstrap(eks: Eks) -> Argument:
    # Version 20 sets false for Auto Mode only, 21 always; before, nobody could set it.
    given = eks.inputs.read("bootstrap_self_managed_addons")
    if eks.versions == (21,):
        return eks.inputs.argument(False)
    if given.value is not None:
        return given
    auto = either(eks.auto_mode, False, None, "bootstrap_self_managed_addons of the module")
    return eks.inputs.argument(eks.by_version("bootstrap_self_managed_addons", {19: None, 20: auto, 21: False}))


def _access_config(eks: Eks) -> dict[str, Body | None]:
    if eks.versions == (19,):
        return {}
    if any(each < 20 for each in eks.versions):
        return {"access_config": None}
    mode = eks.read("authentication_mode", "API_AND_CONFIG_MAP")
    creator = eks.inputs.argument(False)
    return {
        "access_config": eks.inputs.block(
            {"authentication_mode": mode, "bootstrap_cluster_creator_admin_permissions": creator}
        )
    }


def _auto_mode_blocks(eks: Eks, roles: list[Instance]) -> dict[str, Body | None]:
    config = eks.read("compute_config")
    network = {"service_ipv4_cidr": eks.read("service_ipv4_cidr")}
    if config.value is None or config.value == {}:
        return {"kubernetes_network_config": eks.inputs.block(network)}
    value = config.value
    if not isinstance(value, Mapping):
        return {"compute_config": None, "storage_config": None, "kubernetes_network_config": None}
    enabled = eks.inputs.block({"enabled": Argument(item(value, "enabled", False), config.place)})
    pools = item(value, "node_pools")
    own, given = eks.arn_or(roles, "eks_auto", "").value, item(value, "node_role_arn")
    # Version 21 takes the role it makes before the one it is given, 20 the other way round.
    node_role = (own or given) if eks.versions == (21,) else (given or own)
    compute = {
        "enabled": Argument(item(value, "enabled", False), config.place),
        "node_pools": Argument(pools, config.place),
        "node_role_arn": Argument(node_role if pools else None, config.place),
    }
    return {
        "compute_config": eks.inputs.block(compute),
        "storage_config": eks.inputs.block({}, block_storage=enabled),
        "kubernetes_network_config": eks.inputs.block(network, elastic_load_balancing=enabled),
    }


def _vpc_config(eks: Eks) -> Body:
    control_plane = eks.read("control_plane_subnet_ids", ())
    return eks.inputs.block(
        {
            "endpoint_private_access": eks.read("endpoint_private_access", True),
            "endpoint_public_access": eks.read("endpoint_public_access", False),
            "public_access_cidrs": eks.read("endpoint_public_access_cidrs", ("0.0.0.0/0",)),
            "subnet_ids": control_plane if control_plane.value else eks.read("subnet_ids", ()),
        }
    )


def _simple_blocks(eks: Eks) -> dict[str, Body | None]:
    blocks: dict[str, Body | None] = {}
    for kind in ("upgrade_policy", "zonal_shift_config"):
        given = eks.read(kind)
        if isinstance(given.value, Mapping):
            inner = {key: Argument(value, given.place) for key, value in given.value.items() if isinstance(key, str)}
            blocks[kind] = eks.inputs.block(inner)
        elif given.value is not None:
            blocks[kind] = None
    return blocks


def _encryption(eks: Eks, keys: list[Instance]) -> Body | bool | None:
    """Return the block, False where there is none, or None where nobody can say."""
    config = eks.read("encryption_config", {"resources": ("secrets",)})
    value = config.value
    if isinstance(value, tuple) and len(value) <= 1:
        value = value[0] if value else None
    if value is None or (value == {} and 21 not in eks.versions):
        return False
    if not isinstance(value, Mapping) or eks.inputs.read("outpost_config").value:
        return None
    made = eks.inputs.read("create_kms_key")
    given = Argument(item(value, "provider_key_arn"), config.place)
    if keys:
        arn = eks.inputs.output(keys[0], "arn")
        create = eks.on("create_kms_key", True)
        chosen = either(create, arn, given.value, f"{arn.text} or {config.value}")
        given = Argument(chosen, made.place)
    return eks.inputs.block(
        {"resources": Argument(value.get("resources", ("secrets",)), config.place)},
        provider=eks.inputs.block({"key_arn": given}),
    )


def _key(eks: Eks, create: bool | None) -> Iterator[Instance]:
    wanted = both(create, eks.on("create_kms_key", True))
    if wanted is not False:
        rotation = eks.read("enable_kms_key_rotation", True)
        yield eks.inputs.make(
            "aws_kms_key", "this", {"enable_key_rotation": rotation}, inside="module.kms", sure=wanted
        )


def _log_group(eks: Eks, create: bool | None) -> Iterator[Instance]:
    wanted = both(create, eks.on("create_cloudwatch_log_group", True))
    if wanted is not False:
        yield eks.inputs.make(
            "aws_cloudwatch_log_group",
            "this",
            {
                "name": eks.inputs.argument(joined("/aws/eks/", eks.name.value, "/cluster")),
                "retention_in_days": eks.read("cloudwatch_log_group_retention_in_days", 90),
                "kms_key_id": eks.inputs.read("cloudwatch_log_group_kms_key_id"),
            },
            sure=wanted,
        )


def _outputs(eks: Eks, cluster: Instance, roles: list[Instance], keys: list[Instance]) -> dict[str, Value]:
    output = eks.inputs.output
    found: dict[str, Value] = {
        "cluster_name": output(cluster, "name"),
        "cluster_id": output(cluster, "id"),
        "cluster_arn": output(cluster, "arn"),
        "cluster_endpoint": output(cluster, "endpoint"),
        "cluster_version": output(cluster, "version"),
    }
    for role in roles:
        if role.type == "aws_iam_role":
            prefix = "cluster" if role.name == "this" else "node"
            found[f"{prefix}_iam_role_name"] = output(role, "name")
            found[f"{prefix}_iam_role_arn"] = output(role, "arn")
    for key in keys:
        found["kms_key_arn"] = output(key, "arn")
        found["kms_key_id"] = output(key, "key_id")
    return found
