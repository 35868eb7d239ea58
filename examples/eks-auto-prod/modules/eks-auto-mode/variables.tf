# Where it stands and what it is called

variable "name" {
  description = "Name of the cluster, and the prefix of its roles' names: at most 45 letters, digits, hyphens and underscores."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[0-9A-Za-z][0-9A-Za-z_-]{0,44}$", var.name))
    error_message = "Use a letter or digit, then up to 44 letters, digits, hyphens and underscores: the names made of it keep to IAM's 64 and CloudWatch's 60."
  }
}

variable "region" {
  description = "AWS region of the cluster, such as eu-central-1."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "Use a region's code, such as eu-central-1."
  }
}

variable "service_ipv4_cidr" {
  description = "CIDR block of Kubernetes services, /12 to /24 and outside the VPC. A change replaces the cluster."
  type        = string
  nullable    = false

  validation {
    condition     = can(cidrnetmask(var.service_ipv4_cidr)) && try(tonumber(split("/", var.service_ipv4_cidr)[1]) >= 12 && tonumber(split("/", var.service_ipv4_cidr)[1]) <= 24, false)
    error_message = "Use a private IPv4 block of /12 to /24, such as 172.20.0.0/16."
  }
}

variable "subnet_ids" {
  description = "Private subnets of at least two availability zones, for the control plane's network interfaces and the built-in pools' nodes."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.subnet_ids) >= 2
    error_message = "EKS needs subnets in at least two availability zones: pass two or more."
  }
}

# The cluster

variable "builtin_node_pools" {
  description = "Node pools that AWS keeps: general-purpose, system; at least one."
  type        = set(string)
  nullable    = false

  validation {
    condition     = length(setsubtract(var.builtin_node_pools, ["general-purpose", "system"])) == 0
    error_message = "The built-in pools are general-purpose and system: EKS takes any other name without a word (E2)."
  }

  validation {
    condition     = length(var.builtin_node_pools) > 0
    error_message = "Name at least one pool: without any, the node role needs an access entry that this module does not make (E19)."
  }
}

variable "deletion_protection" {
  description = "Whether EKS refuses to delete the cluster. Set it to false and apply before destroying."
  type        = bool
  nullable    = false
}

variable "kubernetes_version" {
  description = "Kubernetes version, such as 1.35. EKS upgrades by one minor version at a time, and never back."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^1\\.[0-9]{2}$", var.kubernetes_version))
    error_message = "Use a minor version in quotes, such as \"1.35\"."
  }
}

variable "log_retention_days" {
  description = "Days to keep the control plane's logs and Auto Mode's."
  type        = number
  nullable    = false

  validation {
    condition = contains([
      1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
    ], var.log_retention_days)
    error_message = "Use a retention that CloudWatch Logs offers, such as 30, 90, 365 or 731 days."
  }
}

variable "upgrade_policy" {
  description = "STANDARD: EKS upgrades the cluster when standard support ends. EXTENDED: it stays a year longer, at $0.60 an hour."
  type        = string
  nullable    = false

  validation {
    condition     = contains(["STANDARD", "EXTENDED"], var.upgrade_policy)
    error_message = "Use STANDARD or EXTENDED."
  }
}

variable "zonal_shift" {
  description = "Whether AWS may move the cluster's traffic away from an impaired availability zone."
  type        = bool
  nullable    = false
}

# Who may use it

variable "creator_admin" {
  description = "Whether the identity that creates the cluster administers it for ever. A change replaces the cluster."
  type        = bool
  nullable    = false
}
