"""Routes: where a connection to an address and port really goes.

On the real network the map is empty and everything goes where it says. In a lab world every address has
its route to a loopback port, and an address without one is refused, so that nothing can leave the world.
"""

from __future__ import annotations

from collections.abc import Mapping

from deliverkit.classes import Frozen

Endpoint = tuple[str, int]


class NoRouteError(OSError):
    """The world has no route to the endpoint."""


class Routes(Frozen):
    """The map from (address, port) to the endpoint that answers for it; None: the real network."""

    table: Mapping[Endpoint, Endpoint] | None = None

    def resolve(self, endpoint: Endpoint) -> Endpoint:
        """Where to connect.

        Raises:
            NoRouteError: a world without a route to that endpoint.
        """
        if self.table is None:
            return endpoint
        try:
            return self.table[endpoint]
        except KeyError:
            address, port = endpoint
            where = f"the socket {address}" if address.startswith("/") else f"{address} port {port}"
            raise NoRouteError(f"no route to {where}") from None


REAL = Routes()
