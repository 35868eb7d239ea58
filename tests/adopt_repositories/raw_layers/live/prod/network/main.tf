provider "aws" {
  region = var.region
}

variable "region" {
  default = "eu-central-1"
}

terraform {
  backend "s3" {
    bucket = "acme-prod-terraform"
    key    = "network.tfstate"
    region = "eu-central-1"
  }
}

resource "aws_vpc" "main" {
  cidr_block = "10.20.0.0/16"

  tags = {
    Name       = "acme-prod"
    Owner      = "platform"
    CostCenter = "4711"
  }
}

resource "aws_subnet" "private" {
  for_each = { a = 0, b = 1 }

  vpc_id            = aws_vpc.main.id
  availability_zone = "eu-central-1${each.key}"
  cidr_block        = cidrsubnet("10.20.0.0/16", 4, each.value)
}
