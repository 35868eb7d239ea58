output "vpc_id" {
  description = "The VPC."
  value       = module.network.vpc_id
}

output "private_subnet_ids" {
  description = "The private subnets, by AZ."
  value       = module.network.private_subnet_ids
}

output "nat_public_ips" {
  description = "The addresses that the internet sees, for others' allow-lists."
  value       = module.network.nat_public_ips
}
