"""Every word the macros say on a page, in both languages. Knows no HTML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Language = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Words:
    """One language's words. What stands in braces is filled in with `str.format`."""

    verified: str
    recorded: str
    failed: str
    drifted: str
    skipped: str
    link: str
    """What a prompt, which links to its own step, is called aloud."""
    more: str
    held: str
    broken: str
    came: str
    exit: str
    drift: str
    by: str
    firewall: str
    kernel: str
    image: str
    boot: str
    differs: str
    """Tooltip of a piece of an output that will be another one on the reader's machine."""
    volatile: Mapping[str, str]
    """What a normalizing rule knows the piece to be, by the rule's name."""

    def tooltip(self, rule: str) -> str:
        """What a reader is told of a piece of an output that a normalizing rule found."""
        return self.differs.format(self.volatile.get(rule, self.volatile["other"]))


ZH = Words(
    verified="已校验",
    recorded="录制",
    failed="未通过",
    drifted="已漂移",
    skipped="已跳过",
    link="此步骤的链接",
    more="展开其余 {} 行",
    held="成立的期望",
    broken="不成立的期望",
    came="实际得到",
    exit="退出状态",
    drift="与实录的差异",
    by="输出来自",
    firewall="防火墙后端",
    kernel="内核",
    image="主机镜像",
    boot="亲手试一试：启动这个场景的主机，进入这一步",
    differs="{}：在您的机器上会不同",
    volatile={
        "container_id": "容器 ID",
        "network_id": "网络 ID",
        "image_id": "镜像 ID",
        "id": "ID",
        "sandbox": "网络命名空间 ID",
        "bridge": "网桥名",
        "veth": "veth 接口名",
        "ifindex": "接口序号",
        "mac": "MAC 地址",
        "time": "时间",
        "duration": "耗时",
        "counter": "计数",
        "pid": "进程号",
        "port": "随机端口",
        "inode": "inode 编号",
        "other": "此值",
    },
)

EN = Words(
    verified="Verified",
    recorded="Recorded",
    failed="Failed",
    drifted="Drifted",
    skipped="Skipped",
    link="Link to this step",
    more="Show {} more lines",
    held="What was expected, and held",
    broken="What was expected, and did not hold",
    came="came instead",
    exit="Exit status",
    drift="What changed since it was recorded",
    by="Printed by",
    firewall="Firewall backend",
    kernel="Kernel",
    image="Host image",
    boot="Try it yourself: boot this scene's hosts, up to this step",
    differs="{}: yours will differ",
    volatile={
        "container_id": "Container ID",
        "network_id": "Network ID",
        "image_id": "Image ID",
        "id": "ID",
        "sandbox": "Network namespace ID",
        "bridge": "Bridge name",
        "veth": "veth interface name",
        "ifindex": "Interface index",
        "mac": "MAC address",
        "time": "Time",
        "duration": "Duration",
        "counter": "Counter",
        "pid": "Process ID",
        "port": "Random port",
        "inode": "Inode number",
        "other": "This value",
    },
)

WORDS: Mapping[Language, Words] = {"zh": ZH, "en": EN}
