# Zones of the region itself; local zones and wavelength zones are other types.
data "aws_availability_zones" "this" {
  #checkov:skip=CKV_AWS_394: the first 3 by name are taken below; a zone that AWS adds sorts behind them
  state            = "available"
  exclude_zone_ids = ["use1-az3"] # EKS refuses it; names differ between accounts, ids do not (N9)

  filter {
    name   = "zone-type"
    values = ["availability-zone"]
  }

  lifecycle {
    postcondition {
      condition     = length(self.names) >= 3
      error_message = "${var.region} offers this account ${length(self.names)} availability zones; 3 are needed."
    }
  }
}

locals {
  availability_zones = slice(sort(data.aws_availability_zones.this.names), 0, 3)
}

locals {
  eks_subnet_ids = values(module.network.private_subnet_ids)
}
