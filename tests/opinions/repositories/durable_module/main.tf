# A module of one's own that makes durable functions of any name; the role and the alarms come from elsewhere.
module "workflow" {
  source   = "./workflow"
  for_each = toset(["invoices", "refunds"])

  name     = each.key
  role_arn = var.role_arn
}

variable "role_arn" {
  type = string
}

module "alarms" {
  source = "git::https://example.com/alarms.git"
}
