variable "cidr" {
  description = "The VPC's address range."
  type        = string
}

variable "name" {
  description = "Prefix of the names."
  type        = string
}
