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

output "workflow_api_endpoint" {
  description = "The address of the API that starts the workflow, below which /orders is."
  value       = module.lambda_durable.api_endpoint
}

output "workflow_qualified_arn" {
  description = "The alias that starts executions of the workflow."
  value       = module.lambda_durable.function_qualified_arn
}
