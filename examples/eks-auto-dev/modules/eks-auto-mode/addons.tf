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
      variable = "aws:RequestTag/kubernetes-namespace"
      values   = ["amazon-cloudwatch"]
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
}

resource "aws_iam_role_policy_attachment" "cloudwatch_agent" {
  for_each = toset([
    "AWSXrayWriteOnlyAccess",
    "CloudWatchAgentServerPolicy",
  ])

  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/${each.key}"
  role       = aws_iam_role.cloudwatch_agent.name
}

# The agent would make these itself, for ever and unencrypted; they are usually the most of a cluster's logs (E7).
resource "aws_cloudwatch_log_group" "container_insights" {
  for_each = toset(["application", "dataplane", "host", "performance"])

  name              = "/aws/containerinsights/${var.name}/${each.key}"
  kms_key_id        = aws_kms_key.cluster.arn
  retention_in_days = var.log_retention_days

  tags = {
    Name = "${var.name}-${each.key}"
  }
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

  # The pods start with the role's rights and find their log groups, or do not start at all.
  depends_on = [
    aws_cloudwatch_log_group.container_insights,
    aws_iam_role_policy_attachment.cloudwatch_agent,
  ]
}
