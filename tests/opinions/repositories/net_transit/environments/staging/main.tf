variable "transit_gateway_id" {
  type = string
}

variable "azs" {
  type    = list(string)
  default = ["eu-west-1a", "eu-west-1b"]
}

resource "aws_vpc" "spoke" {
  cidr_block = "10.64.0.0/16"
}

resource "aws_vpc_ipv4_cidr_block_association" "pods" {
  vpc_id     = aws_vpc.spoke.id
  cidr_block = "100.64.0.0/16"
}

resource "aws_subnet" "app" {
  for_each = { for i, az in var.azs : az => i }

  vpc_id            = aws_vpc.spoke.id
  availability_zone = each.key
  cidr_block        = cidrsubnet(aws_vpc.spoke.cidr_block, 8, each.value)
}

resource "aws_subnet" "pods" {
  for_each = { for i, az in var.azs : az => i }

  vpc_id            = aws_vpc_ipv4_cidr_block_association.pods.vpc_id
  availability_zone = each.key
  cidr_block        = cidrsubnet(aws_vpc_ipv4_cidr_block_association.pods.cidr_block, 2, each.value)
}

resource "aws_route_table" "spoke" {
  vpc_id = aws_vpc.spoke.id

  route = [
    {
      cidr_block         = "0.0.0.0/0"
      transit_gateway_id = var.transit_gateway_id
    },
  ]
}

resource "aws_main_route_table_association" "spoke" {
  vpc_id         = aws_vpc.spoke.id
  route_table_id = aws_route_table.spoke.id
}

data "aws_vpc_endpoint_service" "s3" {
  service      = "s3"
  service_type = "Gateway"
}

resource "aws_vpc_endpoint" "s3" {
  vpc_id          = aws_vpc.spoke.id
  service_name    = data.aws_vpc_endpoint_service.s3.service_name
  route_table_ids = [aws_vpc.spoke.main_route_table_id]
}

resource "aws_vpc_endpoint" "custom" {
  for_each = toset(["ecr.dkr", "sts"])

  vpc_id              = aws_vpc.spoke.id
  service_name        = "com.amazonaws.eu-west-1.${each.key}"
  vpc_endpoint_type   = "Interface"
  private_dns_enabled = false
  subnet_ids          = values(aws_subnet.app)[*].id
  security_group_ids  = [aws_security_group.endpoints.id]
}

resource "aws_route53_zone" "endpoints" {
  name = "eu-west-1.amazonaws.com"

  vpc {
    vpc_id = aws_vpc.spoke.id
  }
}

resource "aws_security_group" "endpoints" {
  vpc_id = aws_vpc.spoke.id
}

resource "aws_security_group_rule" "https" {
  security_group_id = aws_security_group.endpoints.id
  type              = "ingress"
  protocol          = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_blocks       = concat([aws_vpc.spoke.cidr_block], aws_vpc_ipv4_cidr_block_association.pods[*].cidr_block)
}
