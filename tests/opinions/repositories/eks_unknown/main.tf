variable "auto_mode" {
  type = bool
}

variable "node_pools" {
  type = list(string)
}

variable "authentication_mode" {
  type = string
}

variable "creator_admin" {
  type = bool
}

variable "public" {
  type = bool
}

variable "admin_cidrs" {
  type = list(string)
}

variable "kms_key_arn" {
  type = string
}

variable "log_types" {
  type = set(string)
}

resource "aws_eks_cluster" "this" {
  name                          = "inputs"
  role_arn                      = var.role_arn
  bootstrap_self_managed_addons = !var.auto_mode
  enabled_cluster_log_types     = var.log_types

  access_config {
    authentication_mode                         = var.authentication_mode
    bootstrap_cluster_creator_admin_permissions = var.creator_admin
  }

  compute_config {
    enabled    = var.auto_mode
    node_pools = var.node_pools
  }

  storage_config {
    block_storage {
      enabled = var.auto_mode
    }
  }

  kubernetes_network_config {
    elastic_load_balancing {
      enabled = var.auto_mode
    }
  }

  encryption_config {
    resources = ["secrets"]
    provider {
      key_arn = var.kms_key_arn
    }
  }

  vpc_config {
    subnet_ids              = ["subnet-1", "subnet-2"]
    endpoint_private_access = true
    endpoint_public_access  = var.public
    public_access_cidrs     = var.admin_cidrs
  }
}

variable "role_arn" {
  type = string
}

variable "log_group" {
  type = string
}

resource "aws_cloudwatch_log_group" "this" {
  name              = var.log_group
  retention_in_days = 30
}
