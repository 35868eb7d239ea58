"""What AWS takes where an argument is not set, for the arguments that renderings set.

Source: the page of each resource at https://registry.terraform.io/providers/hashicorp/aws/latest/docs, and where that
says that the service chooses, the service's API reference.
"""

from collections.abc import Mapping

from scaffold.evaluate.values import Symbol, Value

DEFAULTS: Mapping[str, Mapping[str, Value]] = {
    "aws_cloudwatch_log_group": {"log_group_class": "STANDARD", "retention_in_days": 0, "skip_destroy": False},
    "aws_cloudwatch_metric_alarm": {"actions_enabled": True, "treat_missing_data": "missing"},
    "aws_eks_access_entry": {"type": "STANDARD"},
    "aws_eks_addon": {"preserve": False},
    "aws_eks_cluster": {
        "access_config.authentication_mode": "CONFIG_MAP",
        "access_config.bootstrap_cluster_creator_admin_permissions": True,
        "bootstrap_self_managed_addons": True,
        "compute_config.enabled": False,
        "deletion_protection": False,
        "force_update_version": False,
        "kubernetes_network_config.elastic_load_balancing.enabled": False,
        "kubernetes_network_config.ip_family": "ipv4",
        "kubernetes_network_config.service_ipv4_cidr": Symbol("a block that EKS chooses"),
        "storage_config.block_storage.enabled": False,
        "upgrade_policy.support_type": "EXTENDED",
        "vpc_config.endpoint_private_access": False,
        "version": Symbol("the version that EKS chooses"),
        "vpc_config.endpoint_public_access": True,
        "vpc_config.public_access_cidrs": ("0.0.0.0/0",),
        "zonal_shift_config.enabled": False,
    },
    "aws_flow_log": {"log_destination_type": "cloud-watch-logs", "max_aggregation_interval": 600},
    "aws_iam_role": {"force_detach_policies": False, "max_session_duration": 3600, "path": "/"},
    "aws_kms_key": {
        "bypass_policy_lockout_safety_check": False,
        "customer_master_key_spec": "SYMMETRIC_DEFAULT",
        "deletion_window_in_days": 30,
        "enable_key_rotation": False,
        "is_enabled": True,
        "key_usage": "ENCRYPT_DECRYPT",
        "multi_region": False,
        "rotation_period_in_days": 365,
    },
    "aws_lambda_capacity_provider": {
        "capacity_provider_scaling_config.max_vcpu_count": 400,
        "capacity_provider_scaling_config.scaling_mode": "Auto",
    },
    "aws_lambda_event_source_mapping": {"batch_size": 10, "enabled": True, "maximum_batching_window_in_seconds": 0},
    "aws_lambda_function": {
        "architectures": ("x86_64",),
        "logging_config.log_format": "Text",
        "memory_size": 128,
        "package_type": "Zip",
        "publish": False,
        "reserved_concurrent_executions": -1,
        "skip_destroy": False,
        "timeout": 3,
        "tracing_config.mode": "PassThrough",
    },
    "aws_nat_gateway": {"availability_mode": "zonal", "connectivity_type": "public"},
    "aws_s3_bucket": {"force_destroy": False, "object_lock_enabled": False},
    "aws_security_group": {"revoke_rules_on_delete": False},
    "aws_sqs_queue": {
        "content_based_deduplication": False,
        "delay_seconds": 0,
        "fifo_queue": False,
        "message_retention_seconds": 345600,
        "receive_wait_time_seconds": 0,
        "sqs_managed_sse_enabled": True,
        "visibility_timeout_seconds": 30,
    },
    "aws_subnet": {
        "assign_ipv6_address_on_creation": False,
        "enable_dns64": False,
        "enable_resource_name_dns_a_record_on_launch": False,
        "enable_resource_name_dns_aaaa_record_on_launch": False,
        "ipv6_native": False,
        "map_public_ip_on_launch": False,
    },
    "aws_vpc": {
        "assign_generated_ipv6_cidr_block": False,
        "enable_dns_hostnames": False,
        "enable_dns_support": True,
        "enable_network_address_usage_metrics": False,
        "instance_tenancy": "default",
    },
    "aws_vpc_endpoint": {"auto_accept": False, "private_dns_enabled": False, "vpc_endpoint_type": "Gateway"},
}
"""By type and path; what is not here is different when one side sets it and the other does not."""
