variable "name" {
  description = "Prefix of every resource's name: the project and the environment."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,36}[a-z0-9]$", var.name))
    error_message = "Use 2 to 38 lower-case letters, digits and hyphens, beginning with a letter."
  }
}

# Where it runs

variable "egress_cidr_ipv4" {
  description = "What the instances may reach on port 443: 0.0.0.0/0 through NAT, the VPC's CIDR without."
  type        = string
  nullable    = false

  validation {
    condition     = can(cidrhost(var.egress_cidr_ipv4, 0))
    error_message = "Write an IPv4 CIDR block, such as 0.0.0.0/0 or 10.0.0.0/16."
  }
}

variable "private_subnet_ids" {
  description = "IDs of the private subnets that instances start in, by availability zone."
  type        = map(string)
  nullable    = false

  validation {
    condition     = length(var.private_subnet_ids) >= 1 && length(var.private_subnet_ids) <= 16
    error_message = "A capacity provider takes 1 to 16 subnets."
  }
}

variable "region" {
  description = "AWS region of the instances, such as eu-central-1."
  type        = string
  nullable    = false
}

variable "vpc_id" {
  description = "ID of the VPC that the subnets are in."
  type        = string
  nullable    = false
}

# The instances

variable "arch" {
  description = "CPU architecture of the instances and of the function: arm64 or x86_64. They cannot differ."
  type        = string
  nullable    = false

  validation {
    condition     = contains(["arm64", "x86_64"], var.arch)
    error_message = "Use arm64 or x86_64."
  }
}

variable "max_vcpu_count" {
  description = "The most vCPUs the capacity provider may run: the cap on the bill."
  type        = number
  nullable    = false

  validation {
    condition     = var.max_vcpu_count >= 2 && var.max_vcpu_count <= 15000
    error_message = "Use 2 to 15000 vCPUs."
  }
}

# The function

variable "execution_environment_memory_gib_per_vcpu" {
  description = "GiB of memory for each vCPU of an execution environment."
  type        = number
  nullable    = false

  validation {
    condition     = var.execution_environment_memory_gib_per_vcpu >= 2 && var.execution_environment_memory_gib_per_vcpu <= 8
    error_message = "Use 2 to 8 GiB per vCPU."
  }
}

variable "handler" {
  description = "What Lambda calls, in the notation of the runtime."
  type        = string
  nullable    = false
}

variable "memory_size" {
  description = "Memory of one execution environment in MB."
  type        = number
  nullable    = false

  validation {
    condition     = var.memory_size >= 2048 && var.memory_size <= 32768
    error_message = "Use 2048 to 32768 MB."
  }

  validation {
    condition     = var.memory_size >= 1024 * var.execution_environment_memory_gib_per_vcpu
    error_message = "An execution environment has at least one vCPU: raise memory_size or lower the GiB per vCPU."
  }
}

variable "per_execution_environment_max_concurrency" {
  description = "How many requests one execution environment handles at once."
  type        = number
  nullable    = false

  validation {
    condition     = var.per_execution_environment_max_concurrency >= 1 && var.per_execution_environment_max_concurrency <= 1600
    error_message = "Use 1 to 1600."
  }

  validation {
    condition     = var.per_execution_environment_max_concurrency <= 64 * var.memory_size / 1024 / var.execution_environment_memory_gib_per_vcpu
    error_message = "Use at most 64 for each vCPU, which is memory_size / 1024 / GiB per vCPU."
  }
}

variable "runtime" {
  description = "The function's runtime; provided.al2023 is for Rust."
  type        = string
  nullable    = false

  validation {
    condition = contains([
      "dotnet10", "dotnet8", "java21", "java25", "nodejs22.x", "nodejs24.x", "provided.al2023", "python3.13", "python3.14",
    ], var.runtime)
    error_message = "Managed Instances runs Python 3.13, Node.js 22, Java 21 and .NET 8 or later, and Rust on provided.al2023."
  }
}

variable "source_dir" {
  description = "Folder whose content is the function's package, relative to the root module."
  type        = string
  nullable    = false
}

variable "timeout" {
  description = "Seconds until Lambda calls an invocation failed. The code is not stopped."
  type        = number
  nullable    = false

  validation {
    condition     = var.timeout >= 1 && var.timeout <= 900
    error_message = "Use 1 to 900 seconds."
  }
}

# Operations

variable "alarm_topic_arns" {
  description = "ARNs of the SNS topics that the alarms notify."
  type        = set(string)
  default     = []
  nullable    = false
}

variable "log_retention_days" {
  description = "Days to keep the function's logs."
  type        = number
  nullable    = false

  validation {
    condition = contains([
      1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
    ], var.log_retention_days)
    error_message = "Use a retention that CloudWatch Logs offers, such as 30, 90, 365 or 731 days."
  }
}
