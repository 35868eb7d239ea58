"""Terraform's functions for IP networks."""

import ipaddress
from collections.abc import Callable, Mapping
from typing import TypeAlias

from scaffold.evaluate.arguments import a_text, an_integer
from scaffold.evaluate.unknown import FailureError
from scaffold.evaluate.values import Value

_Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network


def _network(value: Value) -> _Network:
    text = a_text(value)
    try:
        if "/" not in text:
            raise ValueError(text)
        return ipaddress.ip_network(text, strict=False)
    except ValueError as error:
        message = f"{text} is not a CIDR block"
        raise FailureError(message) from error


def _within(network: _Network, newbits: int, number: int) -> Value:
    prefix = network.prefixlen + newbits
    if newbits < 0 or prefix > network.max_prefixlen or not 0 <= number < 2**newbits:
        message = f"{network} has no subnet {number} of {newbits} more bits"
        raise FailureError(message)
    first = int(network.network_address) + (number << (network.max_prefixlen - prefix))
    return str(type(network)((first, prefix)))


def _cidrsubnet(block: Value, newbits: Value, number: Value) -> Value:
    return _within(_network(block), an_integer(newbits), an_integer(number))


def _cidrsubnets(block: Value, *newbits: Value) -> Value:
    network, found, offset = _network(block), [], 0
    for bits in (an_integer(each) for each in newbits):
        prefix = network.prefixlen + bits
        if bits < 1 or prefix > network.max_prefixlen:
            message = f"{network} has no subnets of {bits} more bits"
            raise FailureError(message)
        size = 1 << (network.max_prefixlen - prefix)
        offset = -(-offset // size) * size
        found.append(_within(network, bits, offset // size))
        offset += size
    return tuple(found)


def _cidrhost(block: Value, number: Value) -> Value:
    network, place = _network(block), an_integer(number)
    place = place if place >= 0 else network.num_addresses + place
    if not 0 <= place < network.num_addresses:
        message = f"{network} has no host {place}"
        raise FailureError(message)
    return str(network.network_address + place)


def _cidrnetmask(block: Value) -> Value:
    network = _network(block)
    if network.version != 4:
        message = "cidrnetmask takes an IPv4 block"
        raise FailureError(message)
    return str(network.netmask)


FUNCTIONS: Mapping[str, Callable[..., Value]] = {
    "cidrhost": _cidrhost,
    "cidrnetmask": _cidrnetmask,
    "cidrsubnet": _cidrsubnet,
    "cidrsubnets": _cidrsubnets,
}
