mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = {
      account_id = "111122223333"
    }
  }

  mock_data "aws_iam_policy_document" {
    defaults = {
      json = "{\"Version\":\"2012-10-17\",\"Statement\":[]}"
    }
  }

  mock_data "aws_partition" {
    defaults = {
      dns_suffix = "amazonaws.com"
      partition  = "aws"
    }
  }

  mock_resource "aws_cloudwatch_log_delivery_destination" {
    defaults = {
      arn = "arn:aws:logs:eu-central-1:111122223333:delivery-destination:shop-test-auto-mode"
    }
  }

  mock_resource "aws_cloudwatch_log_group" {
    defaults = {
      arn = "arn:aws:logs:eu-central-1:111122223333:log-group:shop-test"
    }
  }

  mock_resource "aws_eks_cluster" {
    defaults = {
      arn                   = "arn:aws:eks:eu-central-1:111122223333:cluster/shop-test"
      certificate_authority = [{ data = "LS0tLS1CRUdJTi0tLS0t" }]
    }
  }

  mock_resource "aws_iam_role" {
    defaults = {
      arn = "arn:aws:iam::111122223333:role/shop-test"
    }
  }

  mock_resource "aws_kms_key" {
    defaults = {
      arn = "arn:aws:kms:eu-central-1:111122223333:key/0a1b2c3d-0000-4000-8000-000000000000"
    }
  }
}

variables {
  name              = "shop-test"
  region            = "eu-central-1"
  service_ipv4_cidr = "172.20.0.0/16"
  subnet_ids        = ["subnet-0a0a0a0a0a0a0a0a0", "subnet-0b0b0b0b0b0b0b0b0", "subnet-0c0c0c0c0c0c0c0c0"]

  builtin_node_pools = ["general-purpose", "system"]
  kubernetes_version = "1.35"
  log_retention_days = 365
  upgrade_policy     = "STANDARD"

  creator_admin = false
}

run "auto_mode_is_whole" {
  command = plan

  assert {
    condition = (
      aws_eks_cluster.this.compute_config[0].enabled
      && aws_eks_cluster.this.kubernetes_network_config[0].elastic_load_balancing[0].enabled
      && aws_eks_cluster.this.storage_config[0].block_storage[0].enabled
    )
    error_message = "Compute, load balancing and block storage are on together, or EKS refuses the cluster (E1)."
  }

  assert {
    condition     = !aws_eks_cluster.this.bootstrap_self_managed_addons
    error_message = "Auto Mode brings DNS, CNI and kube-proxy itself (E1)."
  }
}

run "the_api_is_private_and_wants_access_entries" {
  command = plan

  assert {
    condition = (
      aws_eks_cluster.this.vpc_config[0].endpoint_private_access
      && !aws_eks_cluster.this.vpc_config[0].endpoint_public_access
    )
    error_message = "Without public CIDR blocks the API endpoint is private (E5)."
  }

  assert {
    condition     = aws_eks_cluster.this.access_config[0].authentication_mode == "API"
    error_message = "Access is by access entries alone (E4)."
  }
}

run "secrets_and_logs_are_encrypted_and_kept" {
  command = apply

  assert {
    condition = (
      aws_kms_key.cluster.enable_key_rotation
      && one(aws_eks_cluster.this.encryption_config[0].provider).key_arn == aws_kms_key.cluster.arn
      && aws_cloudwatch_log_group.cluster.kms_key_id == aws_kms_key.cluster.arn
    )
    error_message = "Kubernetes secrets and control-plane logs use the customer-managed key (E6)."
  }

  assert {
    condition = (
      length(aws_eks_cluster.this.enabled_cluster_log_types) == 5
      && aws_cloudwatch_log_group.cluster.name == "/aws/eks/shop-test/cluster"
    )
    error_message = "All five log types go to the group that EKS writes to (E7)."
  }
}

run "roles_hold_no_more_than_they_need" {
  command = plan

  assert {
    condition     = length(aws_iam_role_policy_attachment.cluster) == 5
    error_message = "The cluster role has the five Auto Mode policies (E3)."
  }

  assert {
    condition     = toset(keys(aws_iam_role_policy_attachment.node)) == toset(["AmazonEC2ContainerRegistryPullOnly", "AmazonEKSWorkerNodeMinimalPolicy"])
    error_message = "The node role has the two minimal policies (E3)."
  }

  assert {
    condition     = aws_iam_role.node.name == "shop-test-node"
    error_message = "The NodeClass names this role (E10)."
  }
}

run "what_auto_mode_does_is_logged_encrypted_and_kept" {
  command = apply

  assert {
    condition = (
      aws_cloudwatch_log_group.managed.kms_key_id == aws_kms_key.cluster.arn
      && aws_cloudwatch_log_group.managed.retention_in_days == 365
    )
    error_message = "The logs of Auto Mode are encrypted and have a retention (E9)."
  }

  assert {
    condition = (
      aws_cloudwatch_log_delivery_source.compute.log_type == "AUTO_MODE_COMPUTE_LOGS"
      && aws_cloudwatch_log_delivery.compute.delivery_destination_arn == aws_cloudwatch_log_delivery_destination.managed.arn
    )
    error_message = "The log of compute is delivered to the group (E9)."
  }
}

run "no_built_in_pool_is_refused" {
  command = plan

  variables {
    builtin_node_pools = []
  }

  expect_failures = [var.builtin_node_pools]
}

run "the_cloudwatch_agent_has_rights_by_pod_identity" {
  command = plan

  assert {
    condition     = one(aws_eks_addon.cloudwatch_observability.pod_identity_association).service_account == "cloudwatch-agent"
    error_message = "The add-on's role is bound to its service account, not to an OIDC provider (E8)."
  }
}

run "a_misspelt_pool_is_refused" {
  command = plan

  variables {
    builtin_node_pools = ["general-purposes"]
  }

  expect_failures = [var.builtin_node_pools]
}

run "wrong_values_are_refused_before_any_call" {
  command = plan

  variables {
    kubernetes_version = "1.5"
    log_retention_days = 42
    service_ipv4_cidr  = "172.20.0.0/28"
    subnet_ids         = ["subnet-0a0a0a0a0a0a0a0a0"]
    upgrade_policy     = "standard"
  }

  expect_failures = [
    var.kubernetes_version,
    var.log_retention_days,
    var.service_ipv4_cidr,
    var.subnet_ids,
    var.upgrade_policy,
  ]
}
