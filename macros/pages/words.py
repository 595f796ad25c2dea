"""Every word the macros say on a page, in both languages. Knows no HTML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from ..diagrams import drawn

Language = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Words:
    """One language's words. What stands in braces is filled in with `str.format`."""

    verified: str
    recorded: str
    failed: str
    drifted: str
    unsteady: str
    skipped: str
    link: str
    """What a prompt, which links to its own step, is called aloud."""
    copy: str
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
    raw: str
    """The link to all that the scene printed."""
    colon: str
    reasons: tuple[tuple[str, str], ...]
    """Why a step did not run: patterns of the reasons a run gives, and how they are said."""
    scenes: str
    steps: str
    step: str
    expectations: str
    verdict: str
    not_run: str
    """Statements that no host here can show."""
    differs: str
    """Tooltip of a piece of an output that will be another one on the reader's machine."""
    volatile: Mapping[str, str]
    """What a normalizing rule knows the piece to be, by the rule's name."""

    def reason(self, given: str) -> str:
        """Why a step did not run, in this language."""
        for pattern, said in self.reasons:
            if found := re.fullmatch(pattern, given):
                return found.expand(said)
        return given

    diagram: drawn.Drawn

    def tooltip(self, rule: str) -> str:
        """What a reader is told of a piece of an output that a normalizing rule found."""
        return self.differs.format(self.volatile.get(rule, self.volatile["other"]))


ZH = Words(
    verified="已校验",
    recorded="已录制",
    failed="未通过",
    drifted="已漂移",
    unsteady="不稳定",
    skipped="已跳过",
    link="此步骤的链接",
    copy="复制命令",
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
    raw="整个场景的原始输出",
    colon="：",
    reasons=(
        (r"the kernel (\S+) has no (\S+)", r"内核 \1 没有 \2"),
        (r"needs (\S+), this is (\S+)", r"需要 \1，这里是 \2"),
        (r"it needs the value “(\S+)”, which was not captured", r"它所需要的值 “\1” 没有取到"),
        (r"the scene ran longer than its timeout \((\S+) s\)", r"场景超过了 \1 秒的时限"),
        (r"it did not run", "没有运行"),
    ),
    scenes="场景",
    steps="步骤",
    step="步骤",
    expectations="期望",
    verdict="结论",
    not_run="未在此实跑的陈述",
    diagram=drawn.ZH,
    differs="{}：在您的机器上会不同",
    volatile={
        "age": "时长",
        "bridge": "网桥名",
        "closing": "连接怎样断开",
        "counter": "计数",
        "duration": "耗时",
        "id": "ID",
        "ifindex": "接口序号",
        "image_id": "镜像 ID",
        "inode": "inode 编号",
        "link_local": "链路本地地址",
        "mac": "MAC 地址",
        "machine": "取决于机器的值",
        "pid": "进程号",
        "port": "随机端口",
        "sandbox": "网络命名空间 ID",
        "sequence": "序号",
        "state": "邻居状态",
        "swarm_token": "Swarm 令牌",
        "time": "时间",
        "ula": "随机的 ULA 前缀",
        "veth": "veth 接口名",
        "other": "此值",
    },
)

EN = Words(
    verified="Verified",
    recorded="Recorded",
    failed="Failed",
    drifted="Drifted",
    unsteady="Unsteady",
    skipped="Skipped",
    link="Link to this step",
    copy="Copy the commands",
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
    raw="Everything this scene printed, raw",
    colon=": ",
    reasons=(),
    scenes="Scenes",
    steps="Steps",
    step="Step",
    expectations="Expectations",
    verdict="Verdict",
    not_run="Statements not run here",
    diagram=drawn.EN,
    differs="{}: yours will differ",
    volatile={
        "age": "Age",
        "bridge": "Bridge name",
        "closing": "How the connection was closed",
        "counter": "Counter",
        "duration": "Duration",
        "id": "ID",
        "ifindex": "Interface index",
        "image_id": "Image ID",
        "inode": "Inode number",
        "link_local": "Link-local address",
        "mac": "MAC address",
        "machine": "What depends on the machine",
        "pid": "Process ID",
        "port": "Port drawn at random",
        "sandbox": "Network namespace ID",
        "sequence": "Sequence number",
        "state": "Neighbour state",
        "swarm_token": "Swarm token",
        "time": "Time",
        "ula": "ULA prefix drawn at random",
        "veth": "veth interface name",
        "other": "This value",
    },
)

WORDS: Mapping[Language, Words] = {"zh": ZH, "en": EN}
