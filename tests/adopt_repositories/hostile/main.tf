provider "aws" {
  region = "eu-west-1\nowner: mallory"

  default_tags {
    tags = {
      Owner      = "platform\ncost_center: mallory # \u001b[31m"
      CostCenter = "*anchor: {a: [&b"
    }
  }
}

resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16\nname: mallory"

  tags = {
    Name = "shop\n---\nname: mallory"
  }
}
