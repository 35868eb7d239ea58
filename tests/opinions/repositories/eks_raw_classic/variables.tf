variable "environment" {
  type = string
}

variable "cluster_name" {
  type    = string
  default = "legacy"
}

variable "node_groups" {
  type = map(object({
    instance_types = list(string)
    desired        = optional(number, 2)
  }))
}
