"""What a site is made of, as a bill of materials: `sbom.cdx.json`, in the form of CycloneDX 1.6.

Python packages that built it, scripts and styles it serves, images of the rigs it was run in.
It says nothing of the machine, and is the same for the same site.
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from importlib import metadata
from pathlib import Path
from uuid import NAMESPACE_OID, UUID, uuid5

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType, Property
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from ..model import Package, Provenance, Report

NAME = "sbom.cdx.json"
PROJECT = Path(__file__).resolve().parents[2]
BUNDLED = re.compile(r"node_modules/((?:@[^/]+/)?[^/]+)/")
"""In a source map: the npm package that a piece of a script is from."""
VERSION = re.compile(r'(?:\bversion ?= ?"| v| - )(\d+\.\d+\.\d+)\b')
"""How such a piece says its version, if it does."""
SERVED = {".css", ".js"}


def write(site: Path, run: Mapping[str, Report], packages: Mapping[str, Sequence[Package]]) -> None:
    """Write it into a site. `packages` are those of images of rigs that were at hand, by digest."""
    bom = Bom(components=[*map(python, installed()), *scripts(site), *images(run, packages)])
    bom.metadata.component = Component(
        name="docker-networking-docs", type=ComponentType.APPLICATION, bom_ref="site"
    )
    if when := max((report.when for report in run.values()), default=""):
        bom.metadata.timestamp = datetime.fromisoformat(when)
    bom.register_dependency(bom.metadata.component, bom.components)
    bom.serial_number = UUID(int=0)
    content = JsonV1Dot6(bom).output_as_string()
    bom.serial_number = uuid5(NAMESPACE_OID, content)
    (site / NAME).write_text(JsonV1Dot6(bom).output_as_string(indent=1) + "\n", "utf-8")


# --- Python packages ---


@cache
def installed() -> tuple[metadata.Distribution, ...]:
    """What pyproject.toml asks for to build a site, and what that asks for in its turn."""
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]
    found: dict[str, metadata.Distribution] = {}
    asked = [Requirement(one) for one in project["dependencies"]]
    while asked:
        one = asked.pop()
        extras = ("", *one.extras)
        if (name := canonicalize_name(one.name)) in found or (
            one.marker and not one.marker.evaluate()
        ):
            continue
        found[name] = metadata.distribution(name)
        for text in found[name].requires or ():
            needed = Requirement(text)
            if needed.marker and any(needed.marker.evaluate({"extra": e}) for e in extras):
                needed.marker = None
            asked.append(needed)
    return tuple(found[name] for name in sorted(found))


@cache
def pinned() -> dict[str, tuple[str, ...]]:
    """The SHA-256 of each distribution that requirements.txt allows, by `name==version`."""
    text = (PROJECT / "requirements.txt").read_text("utf-8").replace("\\\n", " ")
    lines = (line.split() for line in text.splitlines() if line[:1].isalnum())
    return {
        line[0]: tuple(word.rpartition(":")[2] for word in line if word.startswith("--hash="))
        for line in lines
    }


def python(package: metadata.Distribution) -> Component:
    """A Python package, with the digests of all files that it may have been installed from."""
    name, version = canonicalize_name(package.name), package.version
    purl = PackageURL("pypi", name=name, version=version)
    return Component(
        name=package.name,
        version=version,
        type=ComponentType.LIBRARY,
        purl=purl,
        bom_ref=str(purl),
        hashes=map(sha256, pinned().get(f"{name}=={version}", ())),
        licenses=[LicenseFactory().make_from_string(one) for one in licences(package)],
    )


def licences(package: metadata.Distribution) -> list[str]:
    """What a package says of its licence: an SPDX expression, else a name."""
    about = package.metadata
    for key in ("License-Expression", "License"):
        said = "".join(about.get_all(key) or ())
        if said not in ("", "UNKNOWN") and "\n" not in said:
            return [said]
    classifiers = about.get_all("Classifier") or []
    names = (one.rpartition(" :: ")[2] for one in classifiers if one.startswith("License ::"))
    return sorted(set(names) - {"OSI Approved"})[:1]


# --- scripts and styles ---


def scripts(site: Path) -> Iterator[Component]:
    """Each script and style that the site serves, and the npm packages bundled in them."""
    served: dict[tuple[str, str], bytes] = {}
    bundled: dict[str, str] = {}
    for path in sorted(site.glob("*/assets/**/*")):
        if path.suffix in SERVED:
            content = path.read_bytes()
            name = path.relative_to(site).as_posix().partition("/")[2]
            served[name, hashlib.sha256(content).hexdigest()] = content
        elif path.name.endswith(".js.map"):
            bundled |= bundle(json.loads(path.read_bytes()))
    for name, digest in sorted(served):
        yield Component(
            name=name, type=ComponentType.FILE, bom_ref=f"{name}@{digest[:12]}",
            hashes=[sha256(digest)],
        )  # fmt: skip
    for name, version in sorted(bundled.items()):
        space, _, short = name.rpartition("/")
        purl = PackageURL("npm", space or None, short, version or None)
        yield Component(
            name=short, group=space or None, version=version or None,
            type=ComponentType.LIBRARY, purl=purl, bom_ref=str(purl),
        )  # fmt: skip


def bundle(source_map: Mapping[str, list[str]]) -> dict[str, str]:
    """The npm packages that a source map names, each with its version or ""."""
    found: dict[str, str] = {}
    contents = source_map.get("sourcesContent") or [""] * len(source_map["sources"])
    for source, content in zip(source_map["sources"], contents, strict=True):
        if name := BUNDLED.search(source):
            version = VERSION.search(content or "")
            found[name[1]] = found.get(name[1]) or (version[1] if version else "")
    return found


# --- images of rigs ---


def images(
    run: Mapping[str, Report], packages: Mapping[str, Sequence[Package]]
) -> Iterator[Component]:
    """The images that the scenes ran in: their Debian packages, else what transcripts say."""
    by = {report.provenance.image: report.provenance for report in run.values()}
    for digest, provenance in sorted(by.items()):
        listed = packages.get(digest)
        inside = map(debian, listed) if listed else recorded(provenance)
        yield Component(
            name="docker-networking-docs/rig",
            version=provenance.engine,
            type=ComponentType.CONTAINER,
            bom_ref=f"rig@{digest}",
            properties=[Property(name="docker-networking-docs:image", value=digest)],
            components=[nested(one, digest) for one in inside],
        )


def debian(package: Package) -> Component:
    """A package of an image, as its dpkg lists it."""
    purl = PackageURL(
        "deb", "debian", package.name, package.version, {"arch": package.architecture}
    )
    return Component(
        name=package.name, version=package.version, type=ComponentType.LIBRARY, purl=purl
    )


def recorded(provenance: Provenance) -> Iterator[Component]:
    """What a transcript says of the image it was printed in."""
    name, _, version = provenance.package.partition(" ")
    if version:
        yield Component(name=name, version=version, type=ComponentType.LIBRARY,
                        purl=PackageURL("deb", "debian", name, version))  # fmt: skip
    for part in ("containerd", "runc", "iptables", "iproute2"):
        if version := getattr(provenance, part):
            yield Component(name=part, version=version, type=ComponentType.LIBRARY,
                            purl=PackageURL("generic", name=part, version=version))  # fmt: skip


def nested(component: Component, digest: str) -> Component:
    """The same component, told from that of another image."""
    component.bom_ref.value = f"{component.purl}#{digest[7:19]}"
    return component


def sha256(content: str) -> HashType:
    return HashType(alg=HashAlgorithm.SHA_256, content=content)
