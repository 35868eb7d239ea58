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
  description = "What the tasks may reach on port 443: 0.0.0.0/0 through NAT, the VPC's CIDR without."
  type        = string
  nullable    = false

  validation {
    condition     = can(cidrhost(var.egress_cidr_ipv4, 0))
    error_message = "Write an IPv4 CIDR block, such as 0.0.0.0/0 or 10.0.0.0/16."
  }
}

variable "private_subnet_ids" {
  description = "IDs of the private subnets that tasks run in, by availability zone."
  type        = map(string)
  nullable    = false

  validation {
    condition     = length(var.private_subnet_ids) >= 1 && length(var.private_subnet_ids) <= 16
    error_message = "Name 1 to 16 subnets."
  }
}

variable "region" {
  description = "AWS region of the tasks, such as eu-central-1."
  type        = string
  nullable    = false
}

variable "vpc_id" {
  description = "ID of the VPC that the subnets are in."
  type        = string
  nullable    = false
}

# The tasks

variable "arch" {
  description = "CPU architecture that the image was built for: arm64 or x86_64."
  type        = string
  nullable    = false

  validation {
    condition     = contains(["arm64", "x86_64"], var.arch)
    error_message = "Use arm64 or x86_64."
  }
}

variable "command" {
  description = "What the container runs; null for what its image says."
  type        = list(string)
  default     = null
}

variable "container_port" {
  description = "Port that the container listens on. It does not run as root, so ports below 1024 are not for it."
  type        = number
  nullable    = false

  validation {
    condition     = var.container_port >= 1024 && var.container_port <= 65535
    error_message = "Use 1024 to 65535."
  }
}

variable "cpu" {
  description = "CPU units of a task; 1024 are one vCPU."
  type        = number
  nullable    = false

  validation {
    condition     = contains([256, 512, 1024, 2048, 4096, 8192, 16384], var.cpu)
    error_message = "Use 256, 512, 1024, 2048, 4096, 8192 or 16384."
  }
}

variable "health_command" {
  description = "The container's own health check, beginning with CMD or CMD-SHELL."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.health_command) >= 2 && contains(["CMD", "CMD-SHELL"], try(var.health_command[0], ""))
    error_message = "Begin with CMD or CMD-SHELL, and name a program."
  }
}

variable "image" {
  description = "The container image, by a tag that does not move or by digest."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("(@sha256:[0-9a-f]{64}|:[^/:]+)$", var.image)) && !endswith(var.image, ":latest")
    error_message = "Name a tag, not latest, or a digest."
  }
}

variable "memory" {
  description = "MiB of a task; which there are depends on cpu."
  type        = number
  nullable    = false

  validation {
    condition     = var.memory >= 512 && var.memory <= 122880
    error_message = "Use 512 to 122880 MiB."
  }

  validation {
    condition     = var.memory >= 2 * var.cpu && var.memory <= 8 * var.cpu
    error_message = "A task has 2 to 8 MiB for each CPU unit."
  }
}

variable "user" {
  description = "User and group that the container runs as, such as 10001:10001."
  type        = string
  nullable    = false

  validation {
    condition     = !can(regex("^(0+|root)(:|$)", var.user))
    error_message = "Containers do not run as root."
  }
}

# The load balancer

variable "certificate_arn" {
  description = "ARN of the ACM certificate that the load balancer shows."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:[a-z-]+:acm:", var.certificate_arn))
    error_message = "Name an ACM certificate by its ARN."
  }
}

variable "client_cidrs_ipv4" {
  description = "Who may reach the load balancer."
  type        = set(string)
  nullable    = false

  validation {
    condition     = alltrue([for cidr in var.client_cidrs_ipv4 : can(cidrhost(cidr, 0))])
    error_message = "Write IPv4 CIDR blocks, such as 10.0.0.0/16."
  }
}

variable "deletion_protection" {
  description = "Whether the load balancer cannot be deleted."
  type        = bool
  nullable    = false
}

variable "health_path" {
  description = "Path that answers 200 while all is well."
  type        = string
  nullable    = false

  validation {
    condition     = startswith(var.health_path, "/")
    error_message = "A path begins with a slash."
  }
}

variable "idle_timeout" {
  description = "Seconds a connection may be silent."
  type        = number
  nullable    = false

  validation {
    condition     = var.idle_timeout >= 1 && var.idle_timeout <= 4000
    error_message = "Use 1 to 4000 seconds."
  }
}

variable "load_balancer_subnet_ids" {
  description = "IDs of the subnets of the load balancer, by availability zone."
  type        = map(string)
  nullable    = false

  validation {
    condition     = length(var.load_balancer_subnet_ids) >= 2
    error_message = "A load balancer is in two zones or more."
  }
}

# Scaling

variable "max_tasks" {
  description = "The most tasks."
  type        = number
  nullable    = false

  validation {
    condition     = var.max_tasks >= var.min_tasks
    error_message = "max_tasks is min_tasks or more."
  }
}

variable "min_tasks" {
  description = "The fewest tasks; two or more outlive a zone."
  type        = number
  nullable    = false

  validation {
    condition     = var.min_tasks >= 1
    error_message = "Use 1 or more."
  }
}

variable "requests_per_task" {
  description = "How many requests a task is to get in a minute."
  type        = number
  nullable    = false

  validation {
    condition     = var.requests_per_task >= 1
    error_message = "Use 1 or more."
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
  description = "Days to keep the logs."
  type        = number
  nullable    = false

  validation {
    condition = contains([
      1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
    ], var.log_retention_days)
    error_message = "Use a retention that CloudWatch Logs offers, such as 30, 90, 365 or 731 days."
  }
}
