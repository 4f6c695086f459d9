"""What brings up the cluster of the tests: no jar that is not the expected one, and no process ended that is not its own."""

import os
from pathlib import Path
from types import ModuleType

import pytest

from cluster_parts import starter


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    """Return the program that starts clusters."""
    return starter()


def test_a_jar_that_is_not_the_expected_one_is_not_used(
    tool: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether the cache holds others, or Maven brings others; nothing is started."""
    jars = tmp_path / "jars"
    jars.mkdir()
    [first, *_] = tool.wanted_jars()
    (jars / first).write_bytes(b"something else")
    assert first in tool.wrong_jars(jars, tool.wanted_jars())

    def brought(folder: Path, _: object) -> None:
        """Bring jars of the right names and other bytes."""
        (folder / "jars").mkdir()
        for name in tool.wanted_jars():
            (folder / "jars" / name).write_bytes(b"other bytes")

    monkeypatch.setattr(tool, "run_maven", brought)
    monkeypatch.setattr(tool, "find_maven", lambda _: None)
    with pytest.raises(tool.ClusterFault, match=r"not what \.ci/opensearch\.sha256 expects.*nothing is started"):
        tool.fetch_jars(tmp_path)


def test_what_is_missing_is_named_with_what_to_do(tool: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Java, and Maven where the jars are not here yet."""
    monkeypatch.setattr(tool.shutil, "which", lambda _: None)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with pytest.raises(tool.ClusterFault, match="apt-get install maven"):
        tool.find_maven()
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    monkeypatch.setattr(tool, "JAVA_AT_LEAST", 999)
    with pytest.raises(tool.ClusterFault, match=r"needs Java 999 or newer.*apt-get install openjdk"):
        tool.find_java()


def test_a_number_that_is_another_processs_by_now_is_no_node(tool: ModuleType, tmp_path: Path) -> None:
    """Nothing is sent to it; here it is that of the test itself."""
    cluster = tool.Cluster(tmp_path)
    for number in (1, 2, 3):
        cluster.node(number).mkdir()
        (cluster.node(number) / "pid").write_text(f"{os.getpid()}\n")
    assert cluster.running() == []
    tool.stop(cluster)


def test_what_was_started_is_known_to_who_stops_it(tool: ModuleType, tmp_path: Path) -> None:
    """Ports that were free, and how many nodes."""
    first = tool.free_ports(6)
    cluster = tool.Cluster(tmp_path, 3, first, first + 3, 256)
    cluster.remember()
    assert tool.remembered(tmp_path) == cluster
    assert tool.remembered(tmp_path / "none").nodes == 3
