variable "name" {
  description = "What the names of all resources begin with: <project>-<environment>."
  type        = string
  nullable    = false
}

variable "region" {
  description = "The AWS region."
  type        = string
  nullable    = false
}

variable "availability_zones" {
  description = "Names of the availability zones, two to six. Add new ones at the end: each keeps the subnets of its place."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.availability_zones) >= 2 && length(var.availability_zones) <= 6
    error_message = "Name two to six availability zones."
  }

  validation {
    condition     = length(distinct(var.availability_zones)) == length(var.availability_zones)
    error_message = "Name each availability zone once."
  }
}

variable "cidr" {
  description = "The VPC's IPv4 CIDR block, /16 to /22."
  type        = string
  nullable    = false

  validation {
    condition     = can(cidrnetmask(var.cidr)) && can(regex("/(1[6-9]|2[0-2])$", var.cidr))
    error_message = "Use an IPv4 block from /16 to /22, such as 10.0.0.0/16."
  }
}

variable "interface_endpoints" {
  description = "AWS services to reach through interface endpoints, by service name: ecr.api, logs, …"
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = length(setintersection(var.interface_endpoints, ["dynamodb", "s3"])) == 0
    error_message = "S3 and DynamoDB have gateway endpoints, which are free; leave them out."
  }
}

variable "log_retention_days" {
  description = "Days to keep flow logs and query logs."
  type        = number
  nullable    = false

  validation {
    condition = contains([
      1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
    ], var.log_retention_days)
    error_message = "Use a retention that CloudWatch Logs offers, such as 30, 90, 365 or 731 days."
  }
}

variable "nat" {
  description = "How private subnets reach the internet: per-az, single."
  type        = string
  nullable    = false

  validation {
    condition     = contains(["per-az", "single"], var.nat)
    error_message = "Use one of per-az, single."
  }
}

variable "query_logs" {
  description = "Whether to log which names the VPC looks up."
  type        = bool
  nullable    = false
}
