locals {
  interface = toset(["ecr.api", "ecr.dkr", "logs"])
}

resource "aws_vpc" "this" {
  cidr_block = "10.9.0.0/16"
}

resource "aws_subnet" "private" {
  count = 2

  vpc_id            = aws_vpc.this.id
  cidr_block        = cidrsubnet("10.9.0.0/16", 4, count.index)
  availability_zone = "eu-west-1${["a", "b"][count.index]}"
}

resource "aws_security_group" "https" {
  vpc_id = aws_vpc.this.id
}

resource "aws_vpc_security_group_ingress_rule" "https" {
  security_group_id = aws_security_group.https.id
  cidr_ipv4         = aws_vpc.this.cidr_block
  from_port         = 443
  to_port           = 443
  ip_protocol       = "tcp"
}

resource "aws_vpc_endpoint" "interface" {
  for_each = local.interface

  vpc_id             = aws_vpc.this.id
  service_name       = "com.amazonaws.eu-west-1.${each.value}"
  vpc_endpoint_type  = "Interface"
  subnet_ids         = aws_subnet.private[*].id
  security_group_ids = [aws_security_group.https.id]
}

resource "aws_vpc_endpoint" "s3" {
  vpc_id              = aws_vpc.this.id
  service_name        = "com.amazonaws.eu-west-1.s3"
  vpc_endpoint_type   = "Interface"
  subnet_ids          = [aws_subnet.private[0].id]
  private_dns_enabled = false
}
