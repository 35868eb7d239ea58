locals {
  # The AZ whose NAT gateway serves each AZ (N1).
  # per-az: its own. $32 a month for each, and no byte pays to cross to another AZ.
  # single: the first one's. The other AZs pay $0.01/GB each way, and fail with it.
  nat_az = { for az in var.availability_zones : az => var.nat == "per-az" ? az : var.availability_zones[0] }
}

resource "aws_internet_gateway" "this" {
  vpc_id = aws_vpc.this.id

  tags = {
    Name = var.name
  }
}

resource "aws_eip" "nat" {
  for_each = toset(values(local.nat_az))

  domain = "vpc"

  tags = {
    Name = "${var.name}-nat-${each.key}"
  }
}

resource "aws_nat_gateway" "this" {
  for_each = toset(values(local.nat_az))

  allocation_id = aws_eip.nat[each.key].id
  subnet_id     = aws_subnet.public[each.key].id

  tags = {
    Name = "${var.name}-${each.key}"
  }

  # Its own traffic leaves through these.
  depends_on = [aws_route.public_internet, aws_route_table_association.public]
}

resource "aws_route" "private_nat" {
  for_each = local.nat_az

  route_table_id         = aws_route_table.private[each.key].id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.this[each.value].id
}
