locals {
  # Every AZ has a slot of its own, so that another AZ moves no subnet (N5): the private subnets fill the VPC's first
  # six eighths in turn, the public ones the seventh.
  private_cidrs = { for index, az in var.availability_zones : az => cidrsubnet(var.cidr, 3, index) }
  public_cidrs  = { for index, az in var.availability_zones : az => cidrsubnet(var.cidr, 6, 48 + index) }
}

resource "aws_vpc" "this" {
  cidr_block           = var.cidr
  enable_dns_hostnames = true
  enable_dns_support   = true

  tags = {
    Name = var.name
  }
}

# Taken over to be emptied: what joins it by accident reaches nothing (N7).
resource "aws_default_security_group" "this" {
  vpc_id = aws_vpc.this.id

  tags = {
    Name = "${var.name}-default-unused"
  }
}

resource "aws_subnet" "private" {
  for_each = local.private_cidrs

  vpc_id                  = aws_vpc.this.id
  availability_zone       = each.key
  cidr_block              = each.value
  map_public_ip_on_launch = false

  tags = {
    Name                              = "${var.name}-private-${each.key}"
    "kubernetes.io/role/internal-elb" = "1"
  }
}

# One table per AZ, so that each can have its own way out (N1).
resource "aws_route_table" "private" {
  for_each = local.private_cidrs

  vpc_id = aws_vpc.this.id

  tags = {
    Name = "${var.name}-private-${each.key}"
  }
}

resource "aws_route_table_association" "private" {
  for_each = local.private_cidrs

  route_table_id = aws_route_table.private[each.key].id
  subnet_id      = aws_subnet.private[each.key].id
}
