variable "environment" {
  description = "The environment whose state bucket this is: dev, prod."
  type        = string
  nullable    = false

  validation {
    condition     = contains(keys(local.environments), var.environment)
    error_message = "Use one of dev, prod."
  }

  validation {
    condition     = terraform.workspace == var.environment
    error_message = "Each environment has a workspace of its own: use make bootstrap ENV=<environment>."
  }
}
