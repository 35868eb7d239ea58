import pytest

from scaffold.workspace.bumps import higher, is_bump

SHA, DIGEST = "a1" * 20, "@sha256:" + "0f" * 32

BUMPS = [
    ("      - uses: actions/checkout@v4", "      - uses: actions/checkout@v5"),
    ("      - uses: actions/checkout@v4", f"      - uses: actions/checkout@{SHA} # v4.2.2"),
    ('      version = "~> 6.24"', '      version = "~> 6.30"'),
    ('  required_version = ">= 1.9"', '  required_version = ">= 1.11"'),
    ('  source = "git::https://x.org/m.git?ref=v1.9.0"', '  source = "git::https://x.org/m.git?ref=v1.10.0"'),
    ("    rev: v1.2", "    rev: v1.3"),
    ('          python-version: "3.13"', '          python-version: "3.14"'),
    ("  image: public.ecr.aws/nginx/nginx:1.30.5-slim", "  image: public.ecr.aws/nginx/nginx:1.31.0-slim"),
    ("  image: nginx:1.30", f"  image: nginx:1.31{DIGEST}"),
    ("FROM python:3.13 AS build", "FROM python:3.14 AS build"),
    ('    "lodash": "^4.17.20",', '    "lodash": "^4.17.21",'),
    ("  <version>3.9</version>", "  <version>3.10</version>"),
    ("  <aws.version>2.1.0-beta</aws.version>", "  <aws.version>2.1.0</aws.version>"),
    ('<PackageReference Include="A" Version="1.2.3" />', '<PackageReference Include="A" Version="1.2.4" />'),
    ("boto3==1.40.1", "boto3==1.41.0"),
    ('tokio = { version = "1.44", features = ["full"] }', 'tokio = { version = "1.45", features = ["full"] }'),
]


@pytest.mark.parametrize(("old", "new"), BUMPS)
def test_a_bot_s_bump_is_told_and_the_higher_version_wins(old: str, new: str) -> None:
    assert is_bump(old, new)
    assert is_bump(new, old)
    assert higher(old, new) == higher(new, old) == new


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("  port = 443", "  port = 8443"),
        ('  cidr = "10.0.0.0/16"', '  cidr = "10.1.0.0/16"'),
        ('  kubernetes_version = "1.34"', '  kubernetes_version = "1.35"'),
        ('  engine_version = "15"', '  engine_version = "16"'),
        ('  version = "~> 6.24"', '  version = ">= 6.24"'),
        ("uses: actions/checkout@v4", "uses: actions/cache@v5"),
        ("uses: actions/checkout@v4", "uses: actions/checkout@v4"),
        (f"image: {'a:' * 100_000}", "image: nginx:1"),
    ],
)
def test_no_other_change_is_a_bump(old: str, new: str) -> None:
    assert not is_bump(old, new)
