variable "create" {
  type    = bool
  default = true
}

variable "create_log_group" {
  type    = bool
  default = true
}

variable "name" {
  type = string
}

variable "environment" {
  type = string
}

variable "kms_key_arn" {
  type    = string
  default = null
}

variable "attach" {
  type    = bool
  default = false
}
