"""Which addresses a stranger's link may lead to. Pure."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable

Policy = Callable[[str], bool]
"""Whether an IP address, as text, may be connected to."""

_CLOSED = tuple(
    map(
        ipaddress.ip_network,
        (
            "::ffff:0:0/96",  # IPv4 within IPv6: what it means depends on the machine
            "::/96",
            "64:ff9b::/96",  # NAT64, which reaches IPv4 addresses, private ones too
            "64:ff9b:1::/48",
            "2002::/16",  # 6to4 and Teredo hold IPv4 addresses as well
            "2001::/32",
            "fec0::/10",
            "192.88.99.0/24",
            "100.64.0.0/10",
            "168.63.129.16/32",  # services of a cloud's own hosts, at public addresses
        ),
    )
)


def is_public(address: str) -> bool:
    """Whether it belongs to a machine on the internet, and to none of our own network.

    Private, loopback, link-local, shared, multicast, reserved and unspecified addresses do not, by IANA's
    registries of special-purpose addresses; nor do IPv6 addresses that stand for an IPv4 one.
    """
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address) and found.scope_id:
        return False
    special = found.is_multicast or found.is_reserved or found.is_unspecified or found.is_loopback
    closed = any(found.version == network.version and found in network for network in _CLOSED)
    return found.is_global and not special and not closed
