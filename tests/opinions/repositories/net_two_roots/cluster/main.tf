data "aws_vpc" "shared" {
  tags = { Name = "shared" }
}

data "aws_subnets" "private" {
  filter {
    name   = "vpc-id"
    values = [data.aws_vpc.shared.id]
  }
}

resource "aws_eks_cluster" "this" {
  name     = "shared"
  role_arn = "arn:aws:iam::123456789012:role/cluster"

  vpc_config {
    subnet_ids = data.aws_subnets.private.ids
  }
}

resource "aws_vpc_endpoint" "s3" {
  vpc_id       = data.aws_vpc.shared.id
  service_name = "com.amazonaws.us-east-1.s3"
}
