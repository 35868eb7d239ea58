output "nat_public_ips" {
  description = "The addresses that the internet sees, by the NAT gateway's AZ; for others' allow-lists."
  value       = { for az, address in aws_eip.nat : az => address.public_ip }
}

output "private_route_table_ids" {
  description = "The private subnets' route tables, by AZ."
  value       = { for az, table in aws_route_table.private : az => table.id }
}

output "private_subnet_cidrs" {
  description = "The private subnets' CIDR blocks, by AZ."
  value       = local.private_cidrs
}

output "private_subnet_ids" {
  description = "The private subnets, by AZ."
  value       = { for az, subnet in aws_subnet.private : az => subnet.id }

  # Whoever runs in them needs the ways out to be open first.
  depends_on = [
    aws_route_table_association.private,
    aws_route.private_nat,
    aws_vpc_endpoint.dynamodb,
    aws_vpc_endpoint.interface,
    aws_vpc_endpoint.s3,
    aws_vpc_security_group_ingress_rule.endpoints,
  ]
}

output "public_subnet_ids" {
  description = "The public subnets, by AZ."
  value       = { for az, subnet in aws_subnet.public : az => subnet.id }
}

output "vpc_cidr" {
  description = "The VPC's CIDR block."
  value       = aws_vpc.this.cidr_block
}

output "vpc_id" {
  description = "The VPC."
  value       = aws_vpc.this.id
}
