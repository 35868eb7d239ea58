"""What differs between AWS regions.

Source: AWS's region table and the EKS user guide ("Subnet requirements"), read in November 2026.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Region:
    """One AWS region.

    Attributes:
        zones: how many availability zones an account can use there.
        eks_refuses: zone ids in which EKS will not place its control plane (N9).
        lmi: whether Lambda Managed Instances exists there.
    """

    zones: int = 3
    eks_refuses: tuple[str, ...] = ()
    lmi: bool = True


REGIONS: dict[str, Region] = {
    "af-south-1": Region(),
    "ap-east-1": Region(),
    "ap-east-2": Region(),
    "ap-northeast-1": Region(),
    "ap-northeast-2": Region(zones=4),
    "ap-northeast-3": Region(),
    "ap-south-1": Region(),
    "ap-south-2": Region(),
    "ap-southeast-1": Region(),
    "ap-southeast-2": Region(),
    "ap-southeast-3": Region(),
    "ap-southeast-4": Region(),
    "ap-southeast-5": Region(),
    "ap-southeast-6": Region(lmi=False),
    "ap-southeast-7": Region(),
    "ca-central-1": Region(eks_refuses=("cac1-az3",)),
    "ca-west-1": Region(),
    "eu-central-1": Region(),
    "eu-central-2": Region(),
    "eu-north-1": Region(),
    "eu-south-1": Region(),
    "eu-south-2": Region(),
    "eu-west-1": Region(),
    "eu-west-2": Region(),
    "eu-west-3": Region(),
    "il-central-1": Region(lmi=False),
    "me-central-1": Region(lmi=False),
    "me-south-1": Region(lmi=False),
    "mx-central-1": Region(),
    "sa-east-1": Region(),
    "us-east-1": Region(zones=6, eks_refuses=("use1-az3",)),
    "us-east-2": Region(),
    "us-gov-east-1": Region(lmi=False),
    "us-gov-west-1": Region(lmi=False),
    "us-west-1": Region(zones=2, eks_refuses=("usw1-az2",)),
    "us-west-2": Region(zones=4),
}
