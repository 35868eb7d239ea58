provider "aws" {
  region = "us-east-1"
}

resource "aws_vpc" "this" {
  cidr_block = "10.0.0.0/16"

  tags = {
    Name       = "wide"
    Owner      = "platform"
    CostCenter = "4711"
  }
}

resource "aws_vpc_ipv4_cidr_block_association" "more" {
  vpc_id     = aws_vpc.this.id
  cidr_block = "10.1.0.0/16"
}

resource "aws_subnet" "private" {
  count = 7

  vpc_id            = aws_vpc.this.id
  availability_zone = "us-east-1${substr("abcdefg", count.index, 1)}"
  cidr_block        = cidrsubnet("10.0.0.0/16", 8, count.index)
}
