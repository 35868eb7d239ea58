resource "aws_vpc" "this" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_internet_gateway" "this" {
  vpc_id = aws_vpc.this.id
}

resource "aws_subnet" "private" {
  vpc_id     = aws_vpc.this.id
  cidr_block = "10.0.0.0/20"
}

resource "aws_subnet" "public" {
  vpc_id     = aws_vpc.this.id
  cidr_block = "10.0.16.0/20"
}

resource "aws_route_table" "private" {
  vpc_id = aws_vpc.this.id
}

resource "aws_route_table" "public" {
  vpc_id = aws_vpc.this.id

  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.this.id
  }
}

resource "aws_route_table_association" "private" {
  subnet_id      = aws_subnet.private.id
  route_table_id = aws_route_table.private.id
}

resource "aws_route_table_association" "public" {
  subnet_id      = aws_subnet.public.id
  route_table_id = aws_route_table.public.id
}

module "right" {
  source = "./modules/capacity"

  name    = "right"
  subnets = [aws_subnet.private.id]
}

module "wrong" {
  source = "./modules/capacity"

  name     = "wrong"
  subnets  = [aws_subnet.public.id]
  types    = ["m8g.large"]
  one_role = true
}

resource "aws_ecs_task_definition" "job" {
  family                = "job"
  container_definitions = jsonencode([{ name = "job", image = "job:7" }])

  runtime_platform {
    cpu_architecture = "X86_64"
  }
}

resource "aws_ecs_service" "job" {
  name            = "job"
  cluster         = "jobs"
  task_definition = aws_ecs_task_definition.job.arn

  capacity_provider_strategy {
    capacity_provider = "right"
    weight            = 1
  }
}
