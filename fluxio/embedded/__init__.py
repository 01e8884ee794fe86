"""PostgreSQL and Redis from wheels, as processes of ours, for `make run` and the tests.

All data lies under one folder, the servers listen on Unix sockets alone, and one lock says who owns the folder.
Production uses servers of its own: DATABASE_URL and REDIS_URL.
"""

from fluxio.embedded.servers import EmbeddedError, Servers

__all__ = ["EmbeddedError", "Servers"]
