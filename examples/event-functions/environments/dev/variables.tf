variable "project" {
  description = "The project's name; with the environment's, it begins the names of all resources."
  type        = string
  default     = "event-functions"
  nullable    = false
}

variable "environment" {
  description = "This environment's name."
  type        = string
  default     = "dev"
  nullable    = false
}

variable "region" {
  description = "The AWS region."
  type        = string
  default     = "us-east-1"
  nullable    = false
}

variable "owner" {
  description = "The team that answers for these resources; the Owner tag."
  type        = string
  default     = "application-team"
  nullable    = false
}

variable "cost_center" {
  description = "Who pays; the CostCenter tag."
  type        = string
  default     = "product"
  nullable    = false
}
