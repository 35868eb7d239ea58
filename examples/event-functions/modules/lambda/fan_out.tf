# To add a subscriber, name it here, in local.functions, local.asynchronous and local.dead_letter_queues, and write it in
# functions/fan_out/.
locals {
  subscribers = {
    fan-out-audit  = jsonencode({ source = [{ prefix = "" }] }) # every event
    fan-out-notify = jsonencode({ detail-type = ["OrderPlaced"] })
  }
}

resource "aws_cloudwatch_event_bus" "events" {
  name        = local.prefix
  description = "Events that subscribers of ${var.name} hear of"
}

resource "aws_cloudwatch_event_rule" "subscriber" {
  for_each = local.subscribers

  name           = "${local.prefix}-${each.key}"
  description    = "What ${each.key} hears of"
  event_bus_name = aws_cloudwatch_event_bus.events.name
  event_pattern  = each.value
}

resource "aws_cloudwatch_event_target" "subscriber" {
  for_each = local.subscribers

  rule           = aws_cloudwatch_event_rule.subscriber[each.key].name
  event_bus_name = aws_cloudwatch_event_bus.events.name
  target_id      = each.key
  arn            = aws_lambda_alias.live[each.key].arn

  # What cannot be delivered; what the function itself fails at goes to the same queue (F2).
  dead_letter_config {
    arn = aws_sqs_queue.dead_letter[each.key].arn
  }
}

resource "aws_lambda_permission" "subscriber" {
  for_each = local.subscribers

  statement_id  = "EventsOfItsRule"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_alias.live[each.key].function_name
  qualifier     = aws_lambda_alias.live[each.key].name
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.subscriber[each.key].arn
}
