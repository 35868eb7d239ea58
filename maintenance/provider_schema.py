"""Write `scaffold/data/aws_provider.jsonl`, the compact schema of the provider types that the project knows.

    python -m maintenance.provider_schema [--wheel FILE] [--counts FILE] [--full FILE]

Downloads the typings of cdktn-provider-aws (70 MB) from PyPI unless `--wheel` names a copy. `--counts` names the output
of `terraform providers schema -json` of a real AWS provider: block counts above one, which the typings do not carry,
are taken from it where a block exists in both, and what differs in required arguments is listed for a person to read.
`--full` writes the whole schema too, all types, for experiments.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from maintenance.typings import Schema, Typings, read_wheel, write_full

PACKAGE = "cdktn-provider-aws==25.8.1"
TARGET = Path(__file__).parent.parent / "scaffold" / "data" / "aws_provider.jsonl"

RESOURCES = """
    acm_certificate acm_certificate_validation alb* api_gateway_account apigatewayv2_* appautoscaling_*
    autoscaling_group autoscaling_policy backup_plan backup_selection backup_vault budgets_budget ce_anomaly_monitor
    ce_anomaly_subscription cloudtrail cloudwatch_composite_alarm cloudwatch_dashboard cloudwatch_event_*
    cloudwatch_log_* cloudwatch_metric_alarm cloudwatch_metric_stream cloudwatch_query_definition customer_gateway
    default_* dynamodb_* ebs_encryption_by_default ebs_default_kms_key ebs_volume ec2_instance_metadata_defaults
    ec2_managed_prefix_list ec2_managed_prefix_list_entry ec2_subnet_cidr_reservation ec2_tag ec2_transit_gateway
    ec2_transit_gateway_route* ec2_transit_gateway_vpc_attachment ecr_* ecrpublic_repository ecs_* efs_access_point
    efs_backup_policy efs_file_system efs_file_system_policy efs_mount_target egress_only_internet_gateway eip
    eip_association eks_* elasticache_replication_group elasticache_serverless_cache elasticache_subnet_group
    flow_log guardduty_detector iam_* instance internet_gateway internet_gateway_attachment key_pair
    kinesis_firehose_delivery_stream kinesis_stream kms_* lambda_* launch_template lb lb_*
    main_route_table_association nat_gateway nat_gateway_eip_association network_acl network_acl_association
    network_acl_rule network_interface pipes_pipe prometheus_workspace ram_principal_association
    ram_resource_association ram_resource_share rds_cluster rds_cluster_instance db_instance db_subnet_group
    db_parameter_group resourcegroups_group route route53_* route53profiles_* route53recoverycontrolconfig_cluster
    route_table route_table_association s3_bucket* s3_access_point s3_account_public_access_block s3_object
    scheduler_* secretsmanager_* security_group security_group_rule service_discovery_* servicequotas_service_quota
    sfn_* sns_* sqs_* ssm_parameter subnet vpc vpc_block_public_access_exclusion vpc_block_public_access_options
    vpc_dhcp_options vpc_dhcp_options_association vpc_endpoint* vpc_ipam vpc_ipam_pool vpc_ipam_pool_cidr
    vpc_ipv4_cidr_block_association vpc_ipv6_cidr_block_association vpc_peering_connection
    vpc_peering_connection_accepter vpc_security_group_egress_rule vpc_security_group_ingress_rule
    vpc_security_group_vpc_association vpclattice_* wafv2_web_acl_association wafv2_web_acl_logging_configuration
    xray_*
"""
"""The resource types that are shipped, without `aws_`; `*` stands for any ending."""

DATA_SOURCES = """
    acm_certificate ami arn availability_zone availability_zones billing_service_account caller_identity
    canonical_user_id cloudwatch_log_* default_tags dynamodb_table ec2_instance_type* ec2_managed_prefix_list* ecr_*
    ecs_* eip eips eks_* elb_service_account iam_* internet_gateway ip_ranges kms_* lambda_* lb lb_listener
    lb_target_group lbs nat_gateway nat_gateways network_interface network_interfaces organizations_organization
    partition prefix_list region regions route53_resolver_* route53_zone route53_zones route_table route_tables
    s3_bucket s3_bucket_policy s3_object secretsmanager_secret secretsmanager_secret_version security_group
    security_groups service service_principal servicequotas_service_quota sns_topic sqs_queue sqs_queues
    ssm_parameter ssm_parameters_by_path subnet subnets vpc vpc_endpoint vpc_endpoint_service vpc_ipam_pool
    vpc_ipam_preview_next_cidr vpc_peering_connection vpc_security_group_rule vpc_security_group_rules vpcs
"""
"""The data source types that are shipped, in the same way."""

ARCHIVE_VERSION = "2.7.1"
ARCHIVE: Schema = {
    "attributes": {
        "exclude_symlink_directories": ["o", "bool"],
        "excludes": ["o", ["set", "string"]],
        "id": ["c", "string"],
        "output_base64sha256": ["c", "string"],
        "output_base64sha512": ["c", "string"],
        "output_file_mode": ["o", "string"],
        "output_md5": ["c", "string"],
        "output_path": ["r", "string"],
        "output_sha": ["c", "string"],
        "output_sha256": ["c", "string"],
        "output_sha512": ["c", "string"],
        "output_size": ["c", "number"],
        "source_content": ["o", "string"],
        "source_content_filename": ["o", "string"],
        "source_dir": ["o", "string"],
        "source_file": ["o", "string"],
        "type": ["r", "string"],
    },
    "blocks": {
        "source": {"nesting": "set", "attributes": {"content": ["r", "string"], "filename": ["r", "string"]}},
    },
}
"""`archive_file`, resource and data source alike, by hand from the registry's page of hashicorp/archive."""


BLOCK_COUNTS = {
    # "(Required)" on the resources' registry pages; the provider enforces them with validators, which typings lack.
    ("aws_lambda_capacity_provider", "permissions_config"): (1, 1),
    ("aws_lambda_capacity_provider", "vpc_config"): (1, 1),
    ("aws_lambda_function_scaling_config", "function_scaling_config"): (1, 1),
    ("aws_s3_bucket_lifecycle_configuration", "rule"): (1, 1000),
    ("aws_eks_capability", "configuration"): (0, 1),
}
"""The least and greatest number of blocks where the typings cannot show it."""


def main() -> int:
    """Regenerate the file; return 0, or 1 when a name in the lists above matches no type."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--wheel", type=Path)
    parser.add_argument("--counts", type=Path)
    parser.add_argument("--full", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        typings = read_wheel(arguments.wheel or _download(Path(folder)))
    if arguments.full:
        write_full(typings, arguments.full)
    if arguments.counts:
        for difference in add_counts(typings, arguments.counts):
            print(difference)
    for (resource, block), (least, most) in BLOCK_COUNTS.items():
        typings.resources[resource]["blocks"][block] |= {"min": least, "max": most}
    unmatched = [name for name in RESOURCES.split() if not _matching(name, typings.resources)]
    unmatched += [f"data.{name}" for name in DATA_SOURCES.split() if not _matching(name, typings.data_sources)]
    if unmatched:
        print("no such type:", *unmatched, file=sys.stderr)
        return 1
    lines = list(compact(typings))
    TARGET.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    print(f"{TARGET.name}: {len(lines) - 2} schemas of AWS provider {typings.version}, {TARGET.stat().st_size:,} bytes")
    return 0


def compact(typings: Typings) -> Iterator[str]:
    """Yield the file's lines: a header, the names of all types, and one line for each schema."""
    header = {
        "what": "schemas of Terraform provider types, as facts",
        "source": f"PyPI {PACKAGE}, generated from hashicorp/aws {typings.version} (both MPL-2.0)",
        "made_by": "python -m maintenance.provider_schema",
        "providers": {"hashicorp/aws": typings.version, "hashicorp/archive": ARCHIVE_VERSION},
    }
    yield _json(header)
    yield _json({"resource": sorted(typings.resources), "data": sorted(typings.data_sources)})
    provider = {
        "attributes": {name: value for name, value in typings.provider["attributes"].items() if name != "alias"},
        "blocks": typings.provider["blocks"],
    }
    yield _json(["provider", "aws", provider])
    for name in sorted({name for pattern in RESOURCES.split() for name in _matching(pattern, typings.resources)}):
        yield _json(["resource", name, typings.resources[name]])
    for name in sorted({name for pattern in DATA_SOURCES.split() for name in _matching(pattern, typings.data_sources)}):
        yield _json(["data", name, typings.data_sources[name]])
    yield _json(["resource", "archive_file", ARCHIVE])
    yield _json(["data", "archive_file", ARCHIVE])


def add_counts(typings: Typings, path: Path) -> list[str]:
    """Add the block counts of a real provider's schema to `typings`, in place; return what else differs."""
    real = next(iter(json.loads(path.read_text(encoding="utf-8"))["provider_schemas"].values()))
    differences: list[str] = []
    for kind, schemas in (("resource_schemas", typings.resources), ("data_source_schemas", typings.data_sources)):
        for name, schema in real[kind].items():
            if name in schemas:
                differences += _add_counts(name, schema["block"], schemas[name])
    return differences


def _add_counts(path: str, real: dict[str, Any], ours: Schema) -> Iterator[str]:
    for name, attribute in real.get("attributes", {}).items():
        known = ours.get("attributes", {}).get(name)
        if known is not None and attribute.get("required", False) != (known[0] == "r"):
            yield f"{path}.{name}: required {attribute.get('required', False)} there, {known[0] == 'r'} here"
    for name, block in real.get("block_types", {}).items():
        known = ours.get("blocks", {}).get(name)
        if known is None or known["nesting"] != block["nesting_mode"]:
            continue
        if block.get("min_items", 0) > 1 and "min" in known:
            known["min"] = block["min_items"]
        if block.get("max_items", 0) > 1 and "max" not in known:
            known["max"] = block["max_items"]
        yield from _add_counts(f"{path}.{name}", block["block"], known)


def _matching(pattern: str, schemas: dict[str, Schema]) -> list[str]:
    name = f"aws_{pattern}"
    if not pattern.endswith("*"):
        return [name] if name in schemas else []
    return [known for known in schemas if known.startswith(name[:-1])]


def _json(content: object) -> str:
    return json.dumps(content, separators=(",", ":"), ensure_ascii=False)


def _download(folder: Path) -> Path:
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--dest", str(folder), PACKAGE]
    subprocess.run(command, check=True)
    return next(folder.glob("*.whl"))


if __name__ == "__main__":
    sys.exit(main())
