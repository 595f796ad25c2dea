"""The words of diagrams, in both languages. Knows no HTML, and no other word of a page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Drawn:
    """One language's words. What stands in braces is filled in with `str.format`."""

    title: str
    """What the diagram shows, by the command that was the last to run."""
    changes: str
    """The same, by the last command before and the last one after."""
    path: str
    """What a packet's way over the diagram shows."""
    told: str
    """What opens the diagram in words."""
    new: str
    gone: str
    then: str
    """Between two things that are said of one."""
    also: str
    """Between two names."""
    colon: str
    wire: str
    """What the bridge `lan` is."""
    shares: str
    """Said of a container that has no namespace of its own."""
    host: str
    container: str
    together: str
    overlay: str
    peer: str
    port: str
    parent: str
    gateway: str
    published: str
    tunnel: str
    down: str
    missing: str
    """Where there is nothing to draw: the step did not run."""


ZH = Drawn(
    title="网络拓扑：执行 {} 之后",
    changes="网络拓扑的变化：执行 {} 之后，与执行 {} 之后相比",
    path="网络拓扑，以及一个数据包依次经过的接口",
    told="图中内容的文字版",
    new="新增",
    gone="消失",
    then="；",
    also="、",
    colon="：",
    wire="主机之间的链路",
    shares="直接使用宿主机的网络",
    host="主机 {}",
    container="容器 {}",
    together="容器 {}（共用一个网络命名空间）",
    overlay="overlay 网络 {} 的网络命名空间",
    peer="veth 对的另一端是 {}",
    port="网桥 {} 的端口",
    parent="{} 接口，父接口是 {}",
    gateway="默认网关 {}",
    published="发布端口 {} → 容器 {} 的 {}",
    tunnel="VXLAN，VNI {}",
    down="没有连通",
    missing="这一步没有运行或没有成功，所以没有图可画。",
)

EN = Drawn(
    title="The network after {}",
    changes="What changed in the network: after {}, compared with after {}",
    path="The network, and the interfaces that a packet passes one after another",
    told="The diagram in words",
    new="new",
    gone="gone",
    then="; ",
    also=", ",
    colon=": ",
    wire="the wire between the hosts",
    shares="uses the host's network",
    host="Host {}",
    container="Container {}",
    together="Containers {} in one network namespace",
    overlay="Network namespace of the overlay network {}",
    peer="the other end of its veth pair is {}",
    port="port of the bridge {}",
    parent="{} on {}",
    gateway="default gateway {}",
    published="Published port {} → {} of container {}",
    tunnel="VXLAN, VNI {}",
    down="down",
    missing="This step did not run or did not succeed, so there is nothing to draw.",
)

DRAWN: Mapping[str, Drawn] = {"zh": ZH, "en": EN}
"""By language."""
