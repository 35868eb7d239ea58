"""Texts that are nearly what a reader expects, from hypothesis: close enough to get past its first question."""

import json
from collections.abc import Callable

from hypothesis import strategies as st

from scaffold.evaluate.functions import _FUNCTIONS

# What means something to one reader or another.
_MARKS = (
    *'${}%"\\\n\r\t\0 :#&*!|>[]<~-_?@`=,.0123abcx\u00e9\u202e\u200b\ufeff\ud800\udcff\U0001f600',
    *(
        "${",
        "%{",
        "<<EOT\n",
        "EOT\n",
        "/*",
        "*/",
        "<<: ",
        "&a ",
        "*a",
        "!!python/object:os.system ",
        "---\n",
        "{{",
        "}}",
    ),
    *("<<<<<<< a\n", "=======\n", ">>>>>>> b\n", "\r\n", "$${", "\\u0000", "\\ud800", "1e999", "9" * 400, "\u0663"),
)

anything = st.lists(st.sampled_from(_MARKS) | st.characters(), max_size=30).map("".join)

_WEIRD = (
    "0", "-1", "1e308", "0.1", "1e-308", "99999999999999999999", "1e18", "null", "true", '""', '"a"', "[]", "{}",
    '"10.0.0.0/8"', '"::/0"', '"1e999"', '"nan"', '"\u0663"', '"%d"', '"%1000000000d"', '"(a+)+"', '"/a*/"',
    r'"\ud800"', "var.a", "local.a", "each.key", "count.index", "self", "aws_vpc.a.id", "data.aws_x.y[0].z",
    "module.m", "path.root", 'jsondecode("[[1]]")', "range(1000)", '"${var.a}-x"', "aws_vpc.a", "var.a[*]",
    "{ a = 1 }", "[1, null, {}]",
)  # fmt: skip
_weird = st.sampled_from(_WEIRD)
_name = st.sampled_from(("a", "b", "each", "count", "null", "in"))
_function = st.sampled_from((*sorted(_FUNCTIONS), "try", "can", "timestamp", "nothing", "core::length"))
_operator = st.sampled_from(("+", "-", "*", "/", "%", "==", "!=", "<", ">=", "&&", "||"))


def _wrapped(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    few = st.lists(inner, max_size=3)
    return st.one_of(
        st.builds("{}({})".format, _function, few.map(", ".join)),
        st.builds("{}({}...)".format, _function, inner),
        st.builds("({} {} {})".format, inner, _operator, inner),
        st.builds("({} ? {} : {})".format, inner, inner, inner),
        st.builds("{}[{}]".format, inner, inner),
        st.builds("{}.{}".format, inner, st.sampled_from(("a", "0", "*", "id", "*.a", "0.1"))),
        st.builds("{}[*].{}".format, inner, _name),
        st.builds("[for {}, {} in {} : {} if {}]".format, _name, _name, inner, inner, inner),
        st.builds("{{ for {} in {} : {} => {}... }}".format, _name, inner, inner, inner),
        few.map(", ".join).map("[{}]".format),
        st.builds("{{ ({}) = {}, a = {} }}".format, inner, inner, inner),
        inner.map('"x${{{}}}y"'.format),
        inner.map('"%{{ if {} }}y%{{ endif }}"'.format),
        inner.map("-{}".format),
        inner.map("!{}".format),
    )


expression = st.recursive(_weird, _wrapped, max_leaves=8)

_ARGUMENTS = """
    count for_each cidr_block vpc_id tags depends_on source version providers default type value region
    subnet_ids vpc_config assume_role_policy policy a name provider
    container_definitions task_definition cluster definition load_balancer_arn capacity_provider
"""
_argument = st.sampled_from(_ARGUMENTS.split())
_TYPES = """
    aws_vpc aws_subnet aws_route aws_route_table aws_nat_gateway aws_eks_cluster aws_lambda_function
    aws_security_group aws_iam_role aws_vpc_endpoint aws_s3_bucket kubernetes_manifest x
    aws_ecs_cluster aws_ecs_service aws_ecs_task_definition aws_lb aws_lb_listener aws_sfn_state_machine
"""
_type = st.sampled_from(_TYPES.split())
_heading = st.one_of(
    st.builds('resource "{}" "{}"'.format, _type, _name),
    st.builds('data "{}" "{}"'.format, _type, _name),
    st.builds('module "{}"'.format, _name),
    st.builds('variable "{}"'.format, _name),
    st.builds('output "{}"'.format, _name),
    st.sampled_from(('provider "aws"', "terraform", "locals", "moved", "import", 'check "a"', "lifecycle")),
)
_source = st.sampled_from(
    ('"./"', '"../"', '"./x"', '"terraform-aws-modules/vpc/aws"', '"terraform-aws-modules/eks/aws"')
)
_line = st.builds("  {} = {}\n".format, _argument, expression) | _source.map("  source = {}\n".format)


def _block(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    kinds = ("vpc_config", "content", "ingress", "backend", "required_providers", 'dynamic "ingress"')
    kind = st.sampled_from((*kinds, "load_balancer", "default_action", "setting", "capacity_provider_strategy"))
    return st.builds("  {} {{\n{}  }}\n".format, kind, st.lists(inner, max_size=3).map("".join))


_body = st.lists(st.recursive(_line, _block, max_leaves=4), max_size=4).map("".join)
module = st.lists(st.builds("{} {{\n{}}}\n".format, _heading, _body), max_size=5).map("".join)

_KEYS = """
    name region azs network nat cidr eks lmi environments dev state capacity owner regions us-east-1
    hours_per_month usd instances m7g.large date source trees when format scaffold files lines executable
    main.tf ../x version findings file rule apiVersion kind metadata spec items template containers labels path
    old new to from each needs title endpoints access_entries fingerprint verifier message
"""
_key = st.sampled_from((*_KEYS.split(), "a\ud800b"))
_value = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from(
        (0, 1, 2, 730, -1, 2**63, 10**30, 1.5, float("nan"), float("inf"), "", "v1", "Pod", "List", "main.tf")
    ),
    st.sampled_from(("us-east-1", "10.0.0.0/16", "eks-auto-mode", "none", "0.1", "2026-01-01", "1e99", "../x", "a\0b")),
    st.text(max_size=5),
)
data = st.dictionaries(
    _key,
    st.recursive(
        _value, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_key, inner, max_size=4), max_leaves=12
    ),
    max_size=5,
)
"""Mappings of the words that files of ours know, with values of every kind."""

written: Callable[[object], str] = json.dumps

document = data.map(written)
"""Such a mapping as JSON, which is YAML too."""


def spoiled(texts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Return texts with something put into them or cut out."""

    def spoil(text: str, at: float, inserted: str, length: int) -> str:
        place = int(at * len(text))
        return text[:place] + inserted + text[place + length :]

    return st.builds(spoil, texts, st.floats(0, 1), anything, st.integers(0, 3))
