output "workflow_api_endpoint" {
  description = "The address of the API that starts the workflow, below which /orders is."
  value       = module.lambda_durable.api_endpoint
}

output "workflow_qualified_arn" {
  description = "The alias that starts executions of the workflow."
  value       = module.lambda_durable.function_qualified_arn
}
