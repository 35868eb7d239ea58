data "aws_iam_policy_document" "node_trust" {
  statement {
    sid     = "NodesAssumeRole"
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com"]
    }
  }
}

# The manifests name this role in their NodeClass: keep its name.
resource "aws_iam_role" "node" {
  name               = "${var.name}-node"
  description        = "Nodes of the EKS cluster ${var.name}: join it and pull images"
  assume_role_policy = data.aws_iam_policy_document.node_trust.json
}

# Pods get rights of their own by Pod Identity, so the nodes need no more than these two (E3).
resource "aws_iam_role_policy_attachment" "node" {
  for_each = toset([
    "AmazonEC2ContainerRegistryPullOnly",
    "AmazonEKSWorkerNodeMinimalPolicy",
  ])

  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/${each.key}"
  role       = aws_iam_role.node.name
}
