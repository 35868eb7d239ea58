variable "environment" {
  type = string
}

variable "subnets" {
  type = map(object({ cidr = string, az = string, public = bool }))
}

variable "nat" {
  type    = bool
  default = true
}

resource "aws_vpc" "this" {
  cidr_block = "10.50.0.0/16"
}

resource "aws_internet_gateway" "this" {
  vpc_id = aws_vpc.this.id
}

resource "aws_subnet" "this" {
  for_each = var.subnets

  vpc_id            = aws_vpc.this.id
  cidr_block        = each.value.cidr
  availability_zone = each.value.az
  tags              = merge({ Environment = var.environment }, each.value.public ? { "kubernetes.io/role/elb" = "1" } : {})
}

resource "aws_nat_gateway" "this" {
  for_each  = { for name, subnet in var.subnets : subnet.az => name if subnet.public && var.nat }
  subnet_id = aws_subnet.this[each.value].id
}

resource "aws_route_table" "this" {
  for_each = var.subnets
  vpc_id   = aws_vpc.this.id
}

resource "aws_route" "internet" {
  for_each = { for name, subnet in var.subnets : name => subnet if subnet.public }

  route_table_id         = aws_route_table.this[each.key].id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.this.id
}

resource "aws_route" "nat" {
  for_each = { for name, subnet in var.subnets : name => subnet if !subnet.public && var.nat }

  route_table_id         = aws_route_table.this[each.key].id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.this[each.value.az].id
}

resource "aws_route_table_association" "this" {
  for_each       = var.subnets
  subnet_id      = aws_subnet.this[each.key].id
  route_table_id = aws_route_table.this[each.key].id
}

resource "aws_vpc_endpoint" "gateway" {
  for_each        = toset(["s3", "dynamodb"])
  vpc_id          = aws_vpc.this.id
  service_name    = "com.amazonaws.eu-west-1.${each.key}"
  route_table_ids = [for table in aws_route_table.this : table.id]
}
