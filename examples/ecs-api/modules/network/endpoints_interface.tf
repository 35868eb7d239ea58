locals {
  # Keys without dots: "ecr.api" becomes aws_vpc_endpoint.interface["ecr_api"].
  interface_endpoints = { for service in var.interface_endpoints : replace(service, ".", "_") => service }

  endpoint_clients = { vpc = var.cidr }
}

# About $7.20 a month for each service in each AZ (N3).
resource "aws_vpc_endpoint" "interface" {
  for_each = local.interface_endpoints

  vpc_id              = aws_vpc.this.id
  service_name        = "com.amazonaws.${var.region}.${each.value}"
  vpc_endpoint_type   = "Interface"
  private_dns_enabled = true
  security_group_ids  = [aws_security_group.endpoints[0].id]
  subnet_ids          = [for subnet in aws_subnet.private : subnet.id]

  tags = {
    Name = "${var.name}-${each.key}"
  }
}

# HTTPS from the clients above and nothing else; without it, every call times out as if DNS were broken (N4).
resource "aws_security_group" "endpoints" {
  count = length(var.interface_endpoints) > 0 ? 1 : 0

  name        = "${var.name}-endpoints"
  description = "Interface endpoints: HTTPS in, nothing out"
  vpc_id      = aws_vpc.this.id

  tags = {
    Name = "${var.name}-endpoints"
  }
}

resource "aws_vpc_security_group_ingress_rule" "endpoints" {
  for_each = { for client, cidr in local.endpoint_clients : client => cidr if length(var.interface_endpoints) > 0 }

  security_group_id = aws_security_group.endpoints[0].id
  description       = "HTTPS from ${each.key}"
  cidr_ipv4         = each.value
  from_port         = 443
  to_port           = 443
  ip_protocol       = "tcp"
}
