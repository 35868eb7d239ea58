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

output "ecs_cluster_name" {
  description = "The ECS cluster."
  value       = module.ecs.cluster_name
}

output "ecs_load_balancer_dns_name" {
  description = "What the DNS record of the service points to."
  value       = module.ecs.load_balancer_dns_name
}

output "ecs_repository_url" {
  description = "Where images for the tasks are pushed to."
  value       = module.ecs.repository_url
}
