output "event_bus_name" {
  description = "The bus that publishers put events on."
  value       = module.lambda.event_bus_name
}

output "function_queue_url" {
  description = "The queue that feeds the function in functions/queue."
  value       = module.lambda.queue_url
}
