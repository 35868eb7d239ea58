# With it ECS moves traffic from one target group to the other (C11).
resource "aws_iam_role" "load_balancer" {
  name               = "${var.name}-ecs-load-balancer"
  description        = "ECS shifts the traffic of ${var.name} between versions"
  assume_role_policy = data.aws_iam_policy_document.load_balancer_trust.json
}

data "aws_iam_policy_document" "load_balancer_trust" {
  statement {
    sid     = "EcsShiftsTraffic"
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ecs.amazonaws.com"]
    }
  }
}

resource "aws_iam_role_policy_attachment" "load_balancer" {
  role       = aws_iam_role.load_balancer.name
  policy_arn = "arn:${local.partition}:iam::aws:policy/AmazonECSInfrastructureRolePolicyForLoadBalancers"
}
