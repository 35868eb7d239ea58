# The state bucket of one environment. Its own state is local, in a workspace of the environment's name:
# make bootstrap ENV=dev
locals {
  environments = {
    dev = {
      bucket      = "event-functions-dev-tfstate-us-east-1"
      cost_center = "product"
      owner       = "application-team"
      region      = "us-east-1"
    }
    prod = {
      bucket      = "event-functions-prod-tfstate-us-east-1"
      cost_center = "product"
      owner       = "application-team"
      region      = "us-east-1"
    }
  }

  environment = local.environments[var.environment]
}

provider "aws" {
  region = local.environment.region

  default_tags {
    tags = {
      CostCenter  = local.environment.cost_center
      Environment = var.environment
      ManagedBy   = "terraform"
      Owner       = local.environment.owner
      Project     = "event-functions"
    }
  }
}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

resource "aws_s3_bucket" "state" {
  #checkov:skip=CKV_AWS_18: who reads or writes the state is recorded by CloudTrail data events where they are on
  #checkov:skip=CKV_AWS_144: versioning undoes a bad write; the state of a lost region describes what is lost with it
  #checkov:skip=CKV2_AWS_62: nothing listens for changes to the state
  bucket = local.environment.bucket

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_s3_bucket_versioning" "state" {
  bucket = aws_s3_bucket.state.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "state" {
  bucket = aws_s3_bucket.state.id

  rule {
    bucket_key_enabled = true

    apply_server_side_encryption_by_default {
      kms_master_key_id = aws_kms_key.state.arn
      sse_algorithm     = "aws:kms"
    }
  }
}

resource "aws_s3_bucket_public_access_block" "state" {
  bucket = aws_s3_bucket.state.id

  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_lifecycle_configuration" "state" {
  bucket = aws_s3_bucket.state.id

  rule {
    id     = "old-versions"
    status = "Enabled"

    filter {}

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }

    noncurrent_version_expiration {
      newer_noncurrent_versions = 20
      noncurrent_days           = 90
    }
  }

  depends_on = [aws_s3_bucket_versioning.state]
}

resource "aws_s3_bucket_policy" "state" {
  bucket = aws_s3_bucket.state.id
  policy = data.aws_iam_policy_document.state.json

  depends_on = [aws_s3_bucket_public_access_block.state]
}

data "aws_iam_policy_document" "state" {
  statement {
    sid       = "TlsOnly"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [aws_s3_bucket.state.arn, "${aws_s3_bucket.state.arn}/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

resource "aws_kms_key" "state" {
  description             = "Terraform state of event-functions ${var.environment}"
  deletion_window_in_days = 30
  enable_key_rotation     = true
  policy                  = data.aws_iam_policy_document.state_key.json
}

resource "aws_kms_alias" "state" {
  name          = "alias/event-functions-${var.environment}-tfstate"
  target_key_id = aws_kms_key.state.key_id
}

data "aws_iam_policy_document" "state_key" {
  #checkov:skip=CKV_AWS_109: without the account's administrators nobody could manage the key
  #checkov:skip=CKV_AWS_111: without the account's administrators nobody could manage the key
  #checkov:skip=CKV_AWS_356: in a key policy * is the key itself

  statement {
    sid       = "AccountManagesKey"
    actions   = ["kms:*"]
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = ["arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:root"]
    }
  }
}
