output "bucket" {
  description = "The bucket that the environment's backend.tf names."
  value       = aws_s3_bucket.state.bucket
}
