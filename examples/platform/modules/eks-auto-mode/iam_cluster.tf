data "aws_iam_policy_document" "cluster_trust" {
  statement {
    sid     = "ClusterAssumesRole"
    actions = ["sts:AssumeRole", "sts:TagSession"] # Auto Mode's policies are bounded by the cluster's session tags (E3)

    principals {
      type        = "Service"
      identifiers = ["eks.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "cluster" {
  name               = "${var.name}-cluster"
  description        = "EKS Auto Mode cluster ${var.name}: runs nodes, volumes and load balancers"
  assume_role_policy = data.aws_iam_policy_document.cluster_trust.json
}

resource "aws_iam_role_policy_attachment" "cluster" {
  for_each = toset([
    "AmazonEKSBlockStoragePolicy",
    "AmazonEKSClusterPolicy",
    "AmazonEKSComputePolicy",
    "AmazonEKSLoadBalancingPolicy",
    "AmazonEKSNetworkingPolicy",
  ])

  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/${each.key}"
  role       = aws_iam_role.cluster.name
}
