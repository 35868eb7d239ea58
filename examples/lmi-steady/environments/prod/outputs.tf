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

output "function_qualified_arn" {
  description = "The alias that callers of the worker invoke."
  value       = module.lambda_managed_instances.function_qualified_arn
}

output "work_queue_url" {
  description = "The queue that feeds the worker."
  value       = module.lambda_managed_instances.queue_url
}
