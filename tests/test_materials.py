"""The bill of materials: true to its schema, the same for the same site, and of the site alone."""

from __future__ import annotations

import hashlib
import json
import os
import socket
from collections.abc import Iterator
from importlib import metadata, resources
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import jsonschema
import pytest
from referencing import Registry, Resource

from macros.model import Package
from macros.rigs import images
from macros.rigs.outer_engine import OuterEngine
from macros.site import materials

from .pages_project import BY, REPORTS, REPOSITORY

SCRIPT = b"console.log(1)"
MAP = {
    "version": 3,
    "sources": ["src/a.ts", "node_modules/lunr/lunr.js", "node_modules/@x/y/z.js"],
    "sourcesContent": ["", '/* lunr */ lunr.version = "2.3.9"', "export {}"],
}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site with one script, the same in both languages."""
    for language in ("zh", "en"):
        assets = tmp_path / language / "assets"
        assets.mkdir(parents=True)
        (assets / "a.js").write_bytes(SCRIPT)
        (assets / "a.js.map").write_text(json.dumps(MAP))
    return tmp_path


def written(site: Path, packages: dict[str, tuple[Package, ...]] | None = None) -> dict[str, Any]:
    materials.write(site, REPORTS, packages or {})
    found: dict[str, Any] = json.loads((site / materials.NAME).read_text("utf-8"))
    return found


def components(bom: dict[str, Any], kind: str) -> dict[str, dict[str, Any]]:
    return {one["name"]: one for one in bom["components"] if one["type"] == kind}


def everything(bom: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for one in bom["components"]:
        yield one
        yield from everything({"components": one.get("components", [])})


def test_it_is_what_the_schema_of_cyclonedx_asks_for(site: Path) -> None:
    folder = resources.files("cyclonedx.schema") / "_res"
    schemas = {
        name: json.loads((folder / name).read_text("utf-8"))
        for name in (f"{one}.SNAPSHOT.schema.json" for one in ("bom-1.6", "spdx", "jsf-0.82"))
    }
    whole = schemas["bom-1.6.SNAPSHOT.schema.json"]
    registry: Registry[Any] = Registry().with_resources(
        (urljoin(whole["$id"], name), Resource.from_contents(one)) for name, one in schemas.items()
    )
    schema = jsonschema.Draft7Validator(whole, registry=registry)
    schema.validate(written(site))
    with pytest.raises(jsonschema.ValidationError):
        schema.validate({**written(site), "components": [{"name": "no type"}]})
    references = [one["bom-ref"] for one in everything(written(site))]
    assert len(references) == len(set(references))


def test_the_same_site_has_the_same_and_another_has_another(site: Path) -> None:
    written(site)
    first = (site / materials.NAME).read_bytes()
    written(site)
    assert (site / materials.NAME).read_bytes() == first
    (site / "en/assets/a.js").write_text("console.log(2)")
    assert written(site)["serialNumber"] != json.loads(first)["serialNumber"]


def test_it_says_nothing_of_the_machine_and_no_time_but_the_runs(site: Path) -> None:
    bom = written(site)
    text = json.dumps(bom)
    for name in (socket.gethostname(), str(REPOSITORY), str(site), os.uname().release, "root"):
        assert name not in text
    assert bom["metadata"]["timestamp"] == "2026-11-24T02:05:00+00:00"


def test_every_python_package_is_listed_as_it_is_installed_and_pinned(site: Path) -> None:
    listed = components(written(site), "library")
    pinned = (REPOSITORY / "requirements.txt").read_text()
    for name in ("mkdocs", "mkdocs-material", "rjieba", "Jinja2", "pydantic_core", "lunr"):
        assert name in listed
    python = [one for one in listed.values() if one["purl"].startswith("pkg:pypi/")]
    assert len(python) >= 40
    for one in python:
        assert one["version"] == metadata.version(one["name"])
        assert one["licenses"], one["name"]
        assert one["hashes"], one["name"]
        assert all(f"sha256:{each['content']}" in pinned for each in one["hashes"])
    assert "pytest" not in listed, "it builds no site"


def test_what_is_served_is_listed_with_its_digest_and_what_is_bundled_in_it(site: Path) -> None:
    bom = written(site)
    files = [one for one in bom["components"] if one["type"] == "file"]
    assert [one["name"] for one in files] == ["assets/a.js"]
    assert files[0]["hashes"] == [{"alg": "SHA-256", "content": hashlib.sha256(SCRIPT).hexdigest()}]
    listed = components(bom, "library")
    assert listed["lunr"]["purl"] == "pkg:npm/lunr@2.3.9"
    assert listed["y"]["purl"] == "pkg:npm/%40x/y"


def test_an_image_of_rigs_is_listed_with_what_is_known_to_be_in_it(site: Path) -> None:
    recorded = components(written(site), "container")["docker-networking-docs/rig"]
    assert {one["name"]: one["version"] for one in recorded["components"]} == {
        "containerd": BY.containerd, "runc": BY.runc, "iptables": BY.iptables,
        "iproute2": BY.iproute2,
    }  # fmt: skip
    docker = Package("docker.io", "28.5.2+dfsg4-1", "amd64")
    live = components(written(site, {BY.image: (docker,)}), "container")[
        "docker-networking-docs/rig"
    ]
    purls = [one["purl"] for one in live["components"]]
    assert purls == ["pkg:deb/debian/docker.io@28.5.2%2Bdfsg4-1?arch=amd64"]


@pytest.mark.docker
def test_the_packages_of_an_image_are_those_that_its_dpkg_lists(
    engine: OuterEngine, image: images.Image
) -> None:
    listed = {one.name: one for one in images.packages(engine, image.provenance.image)}
    assert len(listed) > 100
    assert f"docker.io {listed['docker.io'].version}" == image.provenance.package
    assert listed["libc6"].architecture in ("amd64", "arm64")
