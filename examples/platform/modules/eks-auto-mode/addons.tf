# Without it the HorizontalPodAutoscaler is blind (E8).
resource "aws_eks_addon" "metrics_server" {
  cluster_name                = aws_eks_cluster.this.name
  addon_name                  = "metrics-server"
  resolve_conflicts_on_create = "OVERWRITE"
  resolve_conflicts_on_update = "OVERWRITE"

  tags = {
    Name = "${var.name}-metrics-server"
  }
}

data "aws_iam_policy_document" "cloudwatch_agent_trust" {
  # Auto Mode brings the Pod Identity agent, which tags each session with its cluster and service account (E8).
  statement {
    sid     = "CloudWatchAgentByPodIdentity"
    actions = ["sts:AssumeRole", "sts:TagSession"]

    principals {
      type        = "Service"
      identifiers = ["pods.eks.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:RequestTag/eks-cluster-name"
      values   = [var.name]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:RequestTag/kubernetes-service-account"
      values   = ["cloudwatch-agent"]
    }
  }
}

resource "aws_iam_role" "cloudwatch_agent" {
  name               = "${var.name}-cloudwatch-agent"
  description        = "CloudWatch agent of the EKS cluster ${var.name}: writes metrics, logs and traces"
  assume_role_policy = data.aws_iam_policy_document.cloudwatch_agent_trust.json

  tags = {
    Name = "${var.name}-cloudwatch-agent"
  }
}

resource "aws_iam_role_policy_attachment" "cloudwatch_agent" {
  for_each = toset([
    "AWSXrayWriteOnlyAccess",
    "CloudWatchAgentServerPolicy",
  ])

  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/${each.key}"
  role       = aws_iam_role.cloudwatch_agent.name
}

resource "aws_eks_addon" "cloudwatch_observability" {
  cluster_name                = aws_eks_cluster.this.name
  addon_name                  = "amazon-cloudwatch-observability"
  resolve_conflicts_on_create = "OVERWRITE"
  resolve_conflicts_on_update = "OVERWRITE"

  pod_identity_association {
    role_arn        = aws_iam_role.cloudwatch_agent.arn
    service_account = "cloudwatch-agent"
  }

  tags = {
    Name = "${var.name}-cloudwatch-observability"
  }

  # The pods start with the role's rights, or not at all.
  depends_on = [aws_iam_role_policy_attachment.cloudwatch_agent]
}
