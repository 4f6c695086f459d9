"""The cluster that the tests of this folder ask."""

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

import clusters
from archive.engine.opensearch.client import Cluster


@pytest.fixture(scope="session")
def cluster() -> Cluster:
    """Return the cluster, of which some nodes are asked in turn."""
    return clusters.cluster()


@pytest.fixture
def alias(cluster: Cluster, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[str]:
    """Set the cluster of the tests for public records, under an alias of its own; all that was made is deleted."""
    first = f"t{uuid.uuid4().hex[:12]}"
    for name in [name for name in os.environ if name.startswith("TESTIMONY_OPENSEARCH_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("TESTIMONY_CONFIG", str(tmp_path / "config"))
    monkeypatch.setenv("TESTIMONY_OPENSEARCH_HOSTS", ",".join(clusters.hosts()))
    monkeypatch.setenv("TESTIMONY_OPENSEARCH_ALIAS", first)
    yield f"{first}-public"
    clusters.delete_all(cluster, f"{first}-*")
