"""Ports, the private PostgreSQL, and what is kept in the cache."""

import socket
import subprocess

import pytest

from setup import cache, database, machine, paths, postgres, services


def test_a_busy_port_is_stepped_over():
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        assert services.free_port(port) > port


@pytest.fixture
def logs(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "LOGS", tmp_path / "log")


needs_server = pytest.mark.skipif(not machine.postgres_bin(), reason="no PostgreSQL server here")


@needs_server
def test_a_cluster_keeps_its_data_and_leaves_no_server(tmp_path, logs):
    cluster = postgres.Cluster(tmp_path / "home", "test")
    with cluster.running():
        cluster.sql("postgres", "CREATE DATABASE kept")
        assert cluster.sql("kept", "SELECT count(*) >= 0 FROM pg_stat_statements") == "t"
    assert not cluster._ready()
    with cluster.running():
        assert cluster.sql("kept", "SHOW pg_stat_statements.track_utility") == "on"


@needs_server
def test_a_folder_with_a_long_name_has_its_socket_elsewhere(tmp_path, logs):
    cluster = postgres.Cluster(tmp_path / ("long" * 25), "test")
    with cluster.running():
        assert cluster.sql("postgres", "SELECT 1") == "1"
        assert cluster.home not in cluster.socket.parents
    assert not cluster.socket.exists()


@needs_server
def test_a_parameter_is_set_and_set_again(tmp_path, logs):
    cluster = postgres.Cluster(tmp_path / "home", "test")
    with cluster.running():
        table = "CREATE TABLE ir_config_parameter (key text PRIMARY KEY, value text)"
        cluster.sql("postgres", table)
        for value in ("http://127.0.0.1:1", "it's"):
            database.set_parameters(cluster, "postgres", {"web.base.url": value, "other": "x"})
        rows = cluster.sql("postgres", "SELECT value FROM ir_config_parameter ORDER BY key")
        assert rows.splitlines() == ["x", "it's"]


def test_an_interrupted_download_is_made_again_and_a_whole_one_is_not(tmp_path, monkeypatch):
    monkeypatch.setattr(cache, "CACHE", tmp_path)

    def interrupted(folder):
        (folder / "half").touch()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        cache.made("thing", interrupted)
    assert not (tmp_path / "thing").exists()
    made = cache.made("thing", lambda folder: (folder / "whole").touch())
    assert [path.name for path in made.iterdir()] == ["whole"]
    assert cache.made("thing", interrupted) == made


def test_the_digest_follows_names_and_contents(tmp_path):
    (tmp_path / "a").write_text("1")
    first = paths.digest(tmp_path)
    (tmp_path / "a").write_text("2")
    second = paths.digest(tmp_path)
    (tmp_path / "a").rename(tmp_path / "b")
    assert len({first, second, paths.digest(tmp_path)}) == 3


def test_help_needs_nothing():
    for command, word in (("run", "--calendar"), ("test", "PATH")):
        done = subprocess.run(
            [paths.ROOT / "setup" / command, "--help"], capture_output=True, text=True, check=True
        )
        assert word in done.stdout
