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

output "event_bus_name" {
  description = "The bus that publishers put events on."
  value       = module.lambda.event_bus_name
}

output "function_queue_url" {
  description = "The queue that feeds the function in functions/queue."
  value       = module.lambda.queue_url
}
