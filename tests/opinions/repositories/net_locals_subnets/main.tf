locals {
  environment = "production"

  subnets = {
    app-a = { cidr = "172.16.0.0/20", az = "eu-central-1a", nat = "a" }
    app-b = { cidr = "172.16.16.0/20", az = "eu-central-1b", nat = "a" }
  }

  gateways = {
    a = { cidr = "172.16.240.0/24", az = "eu-central-1a" }
    b = { cidr = "172.16.241.0/24", az = "eu-central-1b" }
  }
}

resource "aws_vpc" "core" {
  cidr_block = "172.16.0.0/16"
}

resource "aws_internet_gateway" "core" {
  vpc_id = aws_vpc.core.id
}

resource "aws_subnet" "app" {
  for_each = local.subnets

  vpc_id            = aws_vpc.core.id
  cidr_block        = each.value.cidr
  availability_zone = each.value.az
}

resource "aws_subnet" "edge" {
  for_each = local.gateways

  vpc_id            = aws_vpc.core.id
  cidr_block        = each.value.cidr
  availability_zone = each.value.az
}

resource "aws_route_table" "edge" {
  vpc_id = aws_vpc.core.id
}

resource "aws_route" "edge" {
  route_table_id         = aws_route_table.edge.id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.core.id
}

resource "aws_route_table_association" "edge" {
  for_each = local.gateways

  route_table_id = aws_route_table.edge.id
  subnet_id      = aws_subnet.edge[each.key].id
}

resource "aws_nat_gateway" "edge" {
  for_each = local.gateways

  subnet_id = aws_subnet.edge[each.key].id
}

resource "aws_route_table" "app" {
  for_each = local.subnets

  vpc_id = aws_vpc.core.id

  route {
    cidr_block     = "0.0.0.0/0"
    nat_gateway_id = aws_nat_gateway.edge[each.value.nat].id
  }
}

resource "aws_route_table_association" "app" {
  for_each = local.subnets

  route_table_id = aws_route_table.app[each.key].id
  subnet_id      = aws_subnet.app[each.key].id
}

resource "aws_vpc_endpoint" "s3" {
  vpc_id       = aws_vpc.core.id
  service_name = "com.amazonaws.eu-central-1.s3"
}

resource "aws_vpc_endpoint_route_table_association" "s3" {
  vpc_endpoint_id = aws_vpc_endpoint.s3.id
  route_table_id  = aws_route_table.app["app-a"].id
}
