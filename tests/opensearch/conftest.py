"""The cluster that the tests of this folder ask."""

import pytest

import clusters
from archive.engine.opensearch.client import Cluster


@pytest.fixture(scope="session")
def cluster() -> Cluster:
    """Give the cluster, of which some nodes are asked in turn."""
    return clusters.cluster()
