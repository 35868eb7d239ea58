locals {
  azs = toset(["us-west-2a", "us-west-2b"])

  private = { for i, az in sort(tolist(local.azs)) : az => cidrsubnet(aws_vpc.this.cidr_block, 4, i) }
  public  = { for i, az in sort(tolist(local.azs)) : az => cidrsubnet(aws_vpc.this.cidr_block, 8, 240 + i) }
}

resource "aws_vpc" "this" {
  cidr_block           = "10.0.0.0/16"
  enable_dns_hostnames = true
}

resource "aws_subnet" "public" {
  for_each = local.public

  vpc_id            = aws_vpc.this.id
  availability_zone = each.key
  cidr_block        = each.value

  tags = { "kubernetes.io/role/elb" = 1 }
}

resource "aws_subnet" "private" {
  for_each = local.private

  vpc_id            = aws_vpc.this.id
  availability_zone = each.key
  cidr_block        = each.value

  tags = { "kubernetes.io/role/internal-elb" = 1 }
}

resource "aws_internet_gateway" "this" {
  vpc_id = aws_vpc.this.id
}

resource "aws_nat_gateway" "this" {
  for_each  = aws_subnet.public
  subnet_id = each.value.id
}

resource "aws_default_route_table" "main" {
  default_route_table_id = aws_vpc.this.default_route_table_id

  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.this.id
  }
}

resource "aws_route_table" "private" {
  for_each = local.private
  vpc_id   = aws_vpc.this.id
}

resource "aws_route" "private" {
  for_each = local.private

  route_table_id         = aws_route_table.private[each.key].id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.this[each.key].id
}

resource "aws_route_table_association" "private" {
  for_each = local.private

  route_table_id = aws_route_table.private[each.key].id
  subnet_id      = aws_subnet.private[each.key].id
}
