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

variable "execution_timeout" {
  description = "Seconds that an execution of the workflow may take from start to end, waiting included."
  type        = number
  nullable    = false

  validation {
    condition     = var.execution_timeout >= 1 && var.execution_timeout <= 31622400
    error_message = "Use 1 to 31622400 seconds, which is 366 days."
  }
}

variable "retention_period" {
  description = "Days that Lambda keeps the history of an execution that ended."
  type        = number
  nullable    = false

  validation {
    condition     = var.retention_period >= 1 && var.retention_period <= 90
    error_message = "Use 1 to 90 days."
  }
}

variable "runtime" {
  description = "Runtime of the functions."
  type        = string
  nullable    = false

  validation {
    condition     = contains(["nodejs22.x", "nodejs24.x", "python3.13", "python3.14"], var.runtime)
    error_message = "Use Python 3.13 or 3.14, or Node.js 22 or 24."
  }
}

variable "source_dir" {
  description = "Folder whose content is the functions' package, relative to the root module."
  type        = string
  nullable    = false
}

# The API

variable "throttling_burst_limit" {
  description = "Requests at once that the API lets through on top of the rate."
  type        = number
  nullable    = false

  validation {
    condition     = var.throttling_burst_limit >= 1 && var.throttling_burst_limit <= 5000
    error_message = "Use 1 to 5000 requests."
  }
}

variable "throttling_rate_limit" {
  description = "Requests a second that the API lets through."
  type        = number
  nullable    = false

  validation {
    condition     = var.throttling_rate_limit >= 1 && var.throttling_rate_limit <= 10000
    error_message = "Use 1 to 10000 requests a second."
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
  description = "Days to keep the logs of the functions and of the API."
  type        = number
  nullable    = false

  validation {
    condition = contains([
      1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
    ], var.log_retention_days)
    error_message = "Use a retention that CloudWatch Logs offers, such as 30, 90, 365 or 731 days."
  }
}
