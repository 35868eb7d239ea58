output "workflow_api_endpoint" {
  description = "The address of the API that starts the workflow, below which /orders is."
  value       = module.lambda_durable.api_endpoint
}

output "workflow_api_execution_arn" {
  description = "The API's ARN, on which callers need execute-api:Invoke with /* or a path after it."
  value       = module.lambda_durable.api_execution_arn
}

output "workflow_qualified_arn" {
  description = "The alias that starts executions of the workflow."
  value       = module.lambda_durable.function_qualified_arn
}
