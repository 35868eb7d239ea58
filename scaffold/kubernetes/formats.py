"""How names, labels, quantities and ports are written in Kubernetes.

Rules: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/,
https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/ and
https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/.
"""

import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass

_DNS_LABEL = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?")
_DNS_1035 = re.compile(r"[a-z]([-a-z0-9]*[a-z0-9])?")
_SUBDOMAIN = re.compile(rf"{_DNS_LABEL.pattern}(\.{_DNS_LABEL.pattern})*")
_QUALIFIED = re.compile(r"[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?")
_QUANTITY = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+)?")
_CONFIG_KEY = re.compile(r"[-._a-zA-Z0-9]+")
_PORT_NAME = re.compile(r"(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*")
_COUNT_OR_PERCENT = re.compile(r"[0-9]+%")


@dataclass(frozen=True, slots=True)
class Format:
    """How some values are written: a test, and the rule in words that follow "must be"."""

    holds: Callable[[object], bool]
    rule: str


def _matches(pattern: re.Pattern[str], longest: int) -> Callable[[object], bool]:
    return lambda value: not isinstance(value, str) or (len(value) <= longest and pattern.fullmatch(value) is not None)


def _is_label_key(value: object) -> bool:
    if not isinstance(value, str):
        return True
    prefix, slash, name = value.rpartition("/")
    named = len(name) <= 63 and _QUALIFIED.fullmatch(name) is not None
    return named and (not slash or (len(prefix) <= 253 and _SUBDOMAIN.fullmatch(prefix) is not None))


def _is_port(value: object) -> bool:
    if isinstance(value, int) and not isinstance(value, bool):
        return 1 <= value <= 65535
    return _matches(_PORT_NAME, 15)(value)


def _is_count_or_percent(value: object) -> bool:
    if isinstance(value, int) and not isinstance(value, bool):
        return value >= 0
    return _matches(_COUNT_OR_PERCENT, 20)(value)


def _is_cidr(value: object) -> bool:
    try:
        return not isinstance(value, str) or ("/" in value and bool(ipaddress.ip_network(value, strict=False)))
    except ValueError:
        return False


FORMATS: dict[str, Format] = {
    "cidr": Format(_is_cidr, "a CIDR block such as 10.0.0.0/16"),
    "config-key": Format(_matches(_CONFIG_KEY, 253), "letters, digits, -, _ and . (at most 253)"),
    "count-or-percent": Format(_is_count_or_percent, 'a count, or a quoted percentage such as "25%"'),
    "dns-1035-label": Format(
        _matches(_DNS_1035, 63), "lower-case letters, digits and -, beginning with a letter (at most 63)"
    ),
    "dns-label": Format(
        _matches(_DNS_LABEL, 63),
        "lower-case letters, digits and -, beginning and ending with one of the former (at most 63)",
    ),
    "dns-subdomain": Format(
        _matches(_SUBDOMAIN, 253),
        "lower-case letters, digits, - and ., beginning and ending with one of the former (at most 253)",
    ),
    "label-key": Format(_is_label_key, "letters, digits, -, _ and . (at most 63), perhaps after a DNS name and /"),
    "label-value": Format(
        lambda value: value == "" or _matches(_QUALIFIED, 63)(value),
        "letters, digits, -, _ and ., beginning and ending with one of the first two (at most 63)",
    ),
    "port": Format(_is_port, "a port from 1 to 65535 or a port's name"),
    "port-name": Format(
        _matches(_PORT_NAME, 15), "lower-case letters, digits and -, with at least one letter (at most 15)"
    ),
    "quantity": Format(_matches(_QUANTITY, 64), "a quantity such as 100m, 0.5, 128Mi or 10G"),
}
