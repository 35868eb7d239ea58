variable "name" {
  type = string
}

variable "release" {
  type = string
}

variable "open" {
  type    = bool
  default = false
}
