variable "name" {
  description = "Prefix of every resource's name: the project and the environment."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,36}[a-z0-9]$", var.name))
    error_message = "Use 2 to 38 lower-case letters, digits and hyphens, beginning with a letter."
  }
}

variable "region" {
  description = "AWS region of the functions, such as eu-central-1."
  type        = string
  nullable    = false
}

# The functions

variable "arch" {
  description = "CPU architecture of the functions: arm64 or x86_64."
  type        = string
  nullable    = false

  validation {
    condition     = contains(["arm64", "x86_64"], var.arch)
    error_message = "Use arm64 or x86_64."
  }
}

variable "functions_dir" {
  description = "Folder that has a folder for each shape, whose src is the package, relative to the root module."
  type        = string
  nullable    = false
}

variable "maximum_concurrency" {
  description = "How many invocations at once the queue may start."
  type        = number
  nullable    = false

  validation {
    condition     = var.maximum_concurrency >= 2 && var.maximum_concurrency <= 1000
    error_message = "Use 2 to 1000."
  }
}

variable "memory_size" {
  description = "Memory of each function in MB."
  type        = number
  nullable    = false

  validation {
    condition     = var.memory_size >= 128 && var.memory_size <= 10240
    error_message = "Use 128 to 10240 MB."
  }
}

variable "runtime" {
  description = "The functions' runtime."
  type        = string
  nullable    = false

  validation {
    condition     = contains(["nodejs22.x", "nodejs24.x", "python3.13", "python3.14"], var.runtime)
    error_message = "Use nodejs22.x, nodejs24.x, python3.13 or python3.14."
  }
}

variable "timeout" {
  description = "Seconds until Lambda ends an invocation."
  type        = number
  nullable    = false

  validation {
    condition     = var.timeout >= 1 && var.timeout <= 900
    error_message = "Use 1 to 900 seconds."
  }
}

# Availability zones

variable "fail_in_zone" {
  description = "ID of an availability zone, such as use1-az1, in which every invocation fails, for a drill; null: none."
  type        = string
  default     = null

  validation {
    condition     = var.fail_in_zone == null ? true : can(regex("^[a-z0-9]+-az[0-9]+$", var.fail_in_zone))
    error_message = "Write the ID of a zone, such as use1-az1: a name such as us-east-1a is another zone in another account."
  }
}

variable "zone_endpoints" {
  description = "Hosts of a service that has one in each availability zone, by the zone's ID; the code prefers its own zone's."
  type        = map(string)
  default     = {}
  nullable    = false
}

# Operations

variable "alarm_topic_arns" {
  description = "ARNs of the SNS topics that the alarms notify."
  type        = set(string)
  default     = []
  nullable    = false
}

variable "log_retention_days" {
  description = "Days to keep the functions' logs."
  type        = number
  nullable    = false

  validation {
    condition = contains([
      1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
    ], var.log_retention_days)
    error_message = "Use a retention that CloudWatch Logs offers, such as 30, 90, 365 or 731 days."
  }
}
