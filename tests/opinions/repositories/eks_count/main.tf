module "eks" {
  source = "./modules/eks"

  name        = "batch"
  environment = "prod"
  kms_key_arn = aws_kms_key.batch.arn
}

resource "aws_kms_key" "batch" {
  enable_key_rotation = "true"
}
