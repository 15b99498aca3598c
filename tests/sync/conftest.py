"""The CRM's layers, and a worker over them."""

from tests.crm.conftest import bench

__all__ = ["bench"]
