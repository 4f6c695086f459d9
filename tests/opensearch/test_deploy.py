"""What an operator is given: files that can be read, with the settings that this program asks of a cluster."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

import clusters
from running import TOP

FOLDER = TOP / "deploy" / "opensearch"
STARTER = (TOP / "tools" / "cluster.py").read_text(encoding="utf-8")
VERSION = re.search(r'^VERSION = "(.*)"', STARTER, re.MULTILINE)[1]  # type: ignore[index]


OF_THE_CLUSTER = {
    "cluster:monitor/health",
    "indices:data/write/bulk",
    "indices:data/read/scroll",
    "indices:data/read/scroll/clear",
}
"""What a publisher needs that OpenSearch knows of the whole cluster alone; none of it tells of other indexes."""


def read(name: str) -> dict:
    """Read a file of YAML."""
    return yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))


def asked() -> dict[str, str]:
    """Return what the cluster of the tests is asked for, of what a cluster of an operator must be too."""
    settings = re.search(r'^SETTINGS = """\\\n(.*?)"""', STARTER, re.MULTILINE | re.DOTALL)[1]  # type: ignore[index]
    pairs = dict(line.split(": ", 1) for line in settings.splitlines() if "{" not in line)
    return {name: value for name, value in pairs.items() if not name.startswith(("network", "cluster.routing"))}


def test_three_nodes_have_the_settings_and_files_that_they_name() -> None:
    """The version of the tests, certificates of their own, and no port that is open to others."""
    compose, settings = read("compose.yml"), read("opensearch.yml")
    assert list(compose["services"]) == settings["discovery.seed_hosts"] == settings["cluster.initial_cluster_manager_nodes"]
    assert len(compose["services"]) == 3
    for name, service in compose["services"].items():
        assert service["image"].endswith(f":{VERSION}")
        assert service["hostname"] == service["environment"]["node.name"] == name
        assert all(port.startswith("127.0.0.1:") for port in service["ports"])
        assert service["environment"]["DISABLE_INSTALL_DEMO_CONFIG"] == "true"
        for mount in service["volumes"]:
            source, _, _ = mount.partition(":")
            assert source in compose["volumes"] or (FOLDER / source).exists() or source.startswith("./certificates/"), mount
        assert f"CN={name},OU=node,O=testimony" in settings["plugins.security.nodes_dn"]
        assert service["environment"]["network.publish_host"] == name  # as its certificate names it
        mounted = {mount.split(":")[0] for mount in service["volumes"]}
        assert mounted >= {"./opensearch.yml", "./roles.yml", "./internal_users.yml", "./roles_mapping.yml"}
    assert settings["plugins.security.ssl.http.enabled"] is True


def test_nobody_has_a_password_at_the_first_start() -> None:
    """The files of the image have users whose passwords everybody knows; without its demonstration nothing changes them."""
    for name in ("internal_users.yml", "roles_mapping.yml"):
        assert list(read(name)) == ["_meta"]


def test_every_file_asks_what_the_tests_ask_of_a_cluster() -> None:
    """Whole answers or none; the page for operators says the same."""
    wanted = asked()
    assert len(wanted) == 5
    three = {name: str(value).lower() for name, value in read("opensearch.yml").items() if name in wanted}
    assert three == wanted
    single = read("compose.single.yml")["services"]["node"]
    assert single["image"].endswith(f":{VERSION}")
    assert single["ports"] == ["127.0.0.1:9200:9200"]
    alone = {name: value for name, value in wanted.items() if name != "cluster.no_cluster_manager_block"}
    assert {name: single["environment"][name] for name in alone} == alone
    page = (TOP / "docs" / "opensearch.md").read_text(encoding="utf-8")
    assert all(f"{name}: {value}" in page for name, value in wanted.items())


def test_every_setting_is_one_of_the_server() -> None:
    """A node refuses to start with one that it does not know; those of the plugin are tried by `.ci/secured`."""
    known = clusters.cluster().request("GET", "_cluster/settings", include_defaults="true", flat_settings="true")["defaults"]
    services = [*read("compose.yml")["services"].values(), *read("compose.single.yml")["services"].values()]
    environments = [name for service in services for name in service["environment"]]
    named = {name for name in (*read("opensearch.yml"), *environments) if "." in name and not name.startswith("plugins.")}
    assert len(named) == 13
    assert sorted(named - known.keys()) == []
    assert "search.allow_partial_results" not in known  # the control: a name that is nearly one


def test_roles_are_by_names_of_indexes_and_nothing_else() -> None:
    """No role sees the other clearance, the cluster, or hides documents of an index; the plugin knows no anchors of YAML."""
    assert not re.search(r"[&*]\w+$", (FOLDER / "roles.yml").read_text(encoding="utf-8"), re.MULTILINE)
    roles = read("roles.yml")
    roles.pop("_meta")
    assert len(roles) == 4
    for name, role in roles.items():
        clearance = name.rpartition("_")[2]
        assert set(role["cluster_permissions"]) <= OF_THE_CLUSTER
        assert role["cluster_permissions"] == [] or "publisher" in name
        for permission in role["index_permissions"]:
            assert set(permission) == {"index_patterns", "allowed_actions"}  # no dls, no fls
            assert permission["index_patterns"] == [f"nkt-{clearance}", f"nkt-{clearance}-*"]
            is_reader = "reader" in name
            assert not is_reader or not any(
                "write" in action or action.endswith("admin/*") for action in permission["allowed_actions"]
            )


@pytest.mark.skipif(not shutil.which("openssl"), reason="openssl")
def test_certificates_are_made_that_hold(tmp_path: Path) -> None:
    """Of each node for its name and this machine, of the administrator for nobody's host; keys are not for all to read."""
    script = tmp_path / "certificates.sh"
    shutil.copy(FOLDER / "certificates.sh", script)
    subprocess.run([script], check=True, capture_output=True)
    made = tmp_path / "certificates"
    for name in ("node1", "node2", "node3", "admin"):
        host = ["-verify_hostname", name] if name != "admin" else []
        subprocess.run(
            ["openssl", "verify", "-CAfile", made / "ca.pem", *host, made / f"{name}.pem"], check=True, capture_output=True
        )
        assert (made / f"{name}.key").stat().st_mode & 0o007 == 0
    subject = subprocess.run(
        ["openssl", "x509", "-in", made / "node2.pem", "-noout", "-subject", "-nameopt", "RFC2253"],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    assert subject.strip() == "subject=CN=node2,OU=node,O=testimony"
    again = subprocess.run([script], check=False, capture_output=True, text=True)
    assert again.returncode == 1
    assert "nothing was changed" in again.stderr


@pytest.mark.parametrize("name", ["opensearch.sha256", "opensearch-secured.sha256"])
def test_the_jars_of_the_tests_are_named_by_hash_and_by_no_address(name: str) -> None:
    """Each once, by the SHA-256 of its bytes; where they come from is the business of who runs Maven."""
    first, *lines = (TOP / ".ci" / name).read_text(encoding="utf-8").splitlines()
    version = re.search(r"of OpenSearch (\S+?),? ", first)[1]  # type: ignore[index]
    assert len(lines) > 75
    assert all(re.fullmatch(r"[0-9a-f]{64} [A-Za-z0-9._-]+\.(jar|zip)", line) for line in lines)
    assert len({line.split()[1] for line in lines}) == len(lines)
    assert any(f" opensearch-{version}.jar" in line for line in lines)
    assert f'"{version}"' in STARTER
    assert "://" not in STARTER.replace("://127.0.0.1", "").replace("{address}", "")
