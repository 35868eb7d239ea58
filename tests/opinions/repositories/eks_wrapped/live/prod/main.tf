locals {
  clusters = {
    blue  = { version = "1.33", open = false }
    green = { version = "1.34", open = true }
  }
}

module "cluster" {
  source   = "../../modules/cluster"
  for_each = local.clusters

  name    = "payments-${each.key}"
  release = each.value.version
  open    = each.value.open
}
