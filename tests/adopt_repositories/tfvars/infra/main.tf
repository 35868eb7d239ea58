variable "region" {
  default = "us-east-1"
}

variable "stage" {}

variable "cidr" {}

variable "nat_per_zone" {
  default = false
}

provider "aws" {
  region = var.region

  default_tags {
    tags = {
      Project    = "orders"
      Owner      = "orders-team"
      CostCenter = "c-17"
      Stage      = var.stage
    }
  }
}

data "aws_availability_zones" "available" {
  state = "available"
}

module "vpc" {
  source  = "terraform-aws-modules/vpc/aws"
  version = "~> 5.0"

  name = "orders-${var.stage}"
  cidr = var.cidr
  azs  = slice(data.aws_availability_zones.available.names, 0, 3)

  private_subnets = [for number in range(3) : cidrsubnet(var.cidr, 3, number)]
  public_subnets  = [for number in range(3) : cidrsubnet(var.cidr, 6, 48 + number)]

  enable_nat_gateway     = true
  single_nat_gateway     = !var.nat_per_zone
  one_nat_gateway_per_az = var.nat_per_zone
}
