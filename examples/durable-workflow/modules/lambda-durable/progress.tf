# How far each order is, for people and programs that ask. The workflow does not read it: what it has done is in its
# checkpoints. Paid for by request; what was written can be had back as it was at any second of the last 35 days (D6).
resource "aws_dynamodb_table" "progress" {
  name         = "${var.name}-durable-progress"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "order_id"

  attribute {
    name = "order_id"
    type = "S"
  }

  point_in_time_recovery {
    enabled = true
  }

  server_side_encryption {
    enabled     = true
    kms_key_arn = aws_kms_key.this.arn
  }

  tags = {
    Name = "${var.name}-durable-progress"
  }
}
