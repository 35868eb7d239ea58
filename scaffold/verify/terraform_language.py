"""Terraform's own language as tables: its blocks in the form of provider schemas, meta-arguments, functions (1.11)."""

from typing import Any

_CONDITION = {"attributes": {"condition": ["r", "bool"], "error_message": ["r", "string"]}, "nesting": "list"}

LIFECYCLE: dict[str, Any] = {
    "attributes": {
        "create_before_destroy": ["o", "bool"],
        "ignore_changes": ["o", "dynamic"],
        "prevent_destroy": ["o", "bool"],
        "replace_triggered_by": ["o", "dynamic"],
    },
    "blocks": {"postcondition": _CONDITION, "precondition": _CONDITION},
}

BLOCKS: dict[str, dict[str, Any]] = {
    "output": {
        "attributes": {
            "depends_on": ["o", "dynamic"],
            "description": ["o", "string"],
            "ephemeral": ["o", "bool"],
            "sensitive": ["o", "bool"],
            "value": ["r", "dynamic"],
        },
        "blocks": {"precondition": _CONDITION},
    },
    "terraform": {
        "attributes": {"experiments": ["o", "dynamic"], "required_version": ["o", "string"]},
    },
    "variable": {
        "attributes": {
            "default": ["o", "dynamic"],
            "description": ["o", "string"],
            "ephemeral": ["o", "bool"],
            "nullable": ["o", "bool"],
            "sensitive": ["o", "bool"],
            "type": ["o", "dynamic"],
        },
        "blocks": {"validation": _CONDITION},
    },
    "terraform_data": {
        "attributes": {
            "id": ["c", "string"],
            "input": ["o", "dynamic"],
            "output": ["c", "dynamic"],
            "triggers_replace": ["o", "dynamic"],
        },
    },
}
"""Blocks of the language whose inside is checked like a resource's; `terraform_data` is the built-in resource type."""

META_ARGUMENTS = {
    "data": frozenset(("count", "depends_on", "for_each", "provider")),
    "ephemeral": frozenset(("count", "depends_on", "for_each", "provider")),
    "module": frozenset(("count", "depends_on", "for_each", "providers", "source", "version")),
    "provider": frozenset(("alias", "version")),
    "resource": frozenset(("count", "depends_on", "for_each", "provider")),
}
"""Arguments that Terraform itself understands in each kind of block."""

META_BLOCKS = frozenset(("connection", "lifecycle", "provisioner"))

SETTINGS_BLOCKS = frozenset(("backend", "cloud", "provider_meta", "required_providers"))
"""Blocks inside `terraform` whose names for arguments are not Terraform's own."""

_FUNCTIONS = """
    abs abspath alltrue anytrue base64decode base64encode base64gzip base64sha256 base64sha512 basename bcrypt can
    ceil chomp chunklist cidrhost cidrnetmask cidrsubnet cidrsubnets coalesce coalescelist compact concat contains
    csvdecode dirname distinct element endswith ephemeralasnull file filebase64 filebase64sha256 filebase64sha512
    fileexists filemd5 fileset filesha1 filesha256 filesha512 flatten floor format formatdate formatlist indent
    index issensitive join jsondecode jsonencode keys length log lookup lower matchkeys max md5 merge min
    nonsensitive one parseint pathexpand plantimestamp pow range regex regexall replace reverse rsadecrypt sensitive
    setintersection setproduct setsubtract setunion sha1 sha256 sha512 signum slice sort split startswith
    strcontains strrev substr sum templatefile templatestring textdecodebase64 textencodebase64 timeadd timecmp
    timestamp title tobool tolist tomap tonumber toset tostring transpose trim trimprefix trimspace trimsuffix try
    upper urlencode uuid uuidv5 values yamldecode yamlencode zipmap
"""

FUNCTIONS = frozenset(_FUNCTIONS.split())
"""Every function of Terraform 1.11 (`terraform metadata functions -json`)."""

NAMES_OF = {
    "count": frozenset(("index",)),
    "each": frozenset(("key", "value")),
    "path": frozenset(("cwd", "module", "root")),
    "terraform": frozenset(("applying", "workspace")),
}
"""What may follow the names that Terraform itself provides."""

TYPES = frozenset(("any", "bool", "list", "map", "number", "set", "string"))
TYPE_CONSTRUCTORS = frozenset(("list", "map", "object", "optional", "set", "tuple"))
"""The words of a variable's type, and its functions."""

PROVIDER_REQUIREMENT = frozenset(("configuration_aliases", "source", "version"))
