terraform {
  required_version = ">= 1.10"

  required_providers {
    archive = {
      source  = "hashicorp/archive"
      version = ">= 2.7"
    }

    # aws_lambda_capacity_provider came with 6.24
    aws = {
      source  = "hashicorp/aws"
      version = ">= 6.24"
    }
  }
}
