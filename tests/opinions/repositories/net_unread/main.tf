module "subnets" {
  source = "cloudposse/dynamic-subnets/aws"

  vpc_id = aws_vpc.this.id
}

module "bucket" {
  source  = "terraform-aws-modules/s3-bucket/aws"
  version = "~> 4.0"
}

resource "aws_vpc" "this" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_vpc_endpoint" "logs" {
  vpc_id              = aws_vpc.this.id
  service_name        = "com.amazonaws.eu-west-1.logs"
  vpc_endpoint_type   = "Interface"
  private_dns_enabled = true
  subnet_ids          = module.subnets.private_subnet_ids
  security_group_ids  = [module.endpoints_group.security_group_id]
}

module "endpoints_group" {
  source  = "terraform-aws-modules/security-group/aws"
  version = "~> 5.0"
}
