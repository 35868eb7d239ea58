# Zones of the region itself; local zones and wavelength zones are other types.
data "aws_availability_zones" "this" {
  #checkov:skip=CKV_AWS_394: the first 3 by name are taken below; a zone that AWS adds sorts behind them
  state            = "available"
  exclude_zone_ids = ["use1-az3"] # an old zone, which EKS refuses; its name differs between accounts (N9)

  filter {
    name   = "zone-type"
    values = ["availability-zone"]
  }

  lifecycle {
    postcondition {
      condition     = length(self.names) >= 3
      error_message = "${var.region} offers this account ${length(self.names)} availability zones besides use1-az3; 3 are needed."
    }
  }
}

locals {
  availability_zones = slice(sort(data.aws_availability_zones.this.names), 0, 3)
}
