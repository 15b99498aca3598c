"""Which addresses belong to inner networks, closed unless an administrator opens them."""

from __future__ import annotations

import ipaddress

# Addresses that a gateway takes to IPv4. Reference: RFC 6052.
NAT64 = ipaddress.ip_network("64:ff9b::/96")


def is_private(address: str) -> bool:
    """Whether it belongs to a network that is not the internet's."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        found = _wrapped(found) or found
    return found.is_multicast or not found.is_global


def _wrapped(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that it leads to, if it does."""
    inside = ipaddress.IPv4Address(address.packed[12:]) if address in NAT64 else None
    return inside or address.ipv4_mapped or address.sixtofour
