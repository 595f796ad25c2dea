"""Every word the macros say on a page, in both languages. Knows no HTML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Language = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Words:
    """One language's words. What stands in braces is filled in with `str.format`."""

    language: Language
    verified: str
    recorded: str
    failed: str
    drifted: str
    unsteady: str
    skipped: str
    failing: str
    """What a step that failed is: said where its command stands, and in the line below."""
    drifting: str
    wavering: str
    """The same of a step that is unsteady."""
    link: str
    """What a prompt, which links to its own step, is called aloud."""
    copy: str
    more: str
    held: str
    broken: str
    came: str
    tries: str
    """Which try an output is of, where there was more than one."""
    ordinals: tuple[str, ...]
    """How a try is counted, from the first; with more of them it is the last, as a number."""
    exit: str
    drift: str
    disagreed: str
    """What stands over the difference between the two outputs of an unsteady step."""
    alike: str
    """What is said where both runs of an unsteady step printed the same."""
    shown: str
    other: str
    """The two outputs: the one that the block shows, and the one of the other run."""
    preset: str
    """What stands over the options that were set on the hosts before the first step."""
    absent: str
    """Said of a daemon that did not run when the scene began."""
    by: str
    package: str
    debian: str
    """Whose build of the engine it is, by its version."""
    builds: str
    """The link to how builds differ."""
    firewall: str
    kernel: str
    image: str
    boot: str
    raw: str
    """The link to all that the scene printed."""
    colon: str
    stop: str
    """Between two things that are said one after the other."""
    also: str
    """Between two names."""
    yours: Mapping[str, str]
    """What a reader must change a word of a command to, by the kind of thing it is."""
    find: str
    """The link to how to find out what it is on the reader's machine."""
    uncaught: str
    """What stands for a value that a step which failed did not give."""
    troubled: Mapping[str, str]
    """What is said below a page's title of its steps that failed, drifted or are unsteady."""
    reasons: tuple[tuple[str, str], ...]
    """Patterns of the reasons a run gives, and how they are said."""
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
        """Why a step failed or did not run, in this language."""
        for pattern, said in self.reasons:
            if found := re.fullmatch(pattern, given):
                return found.expand(said)
        return given

    def nth(self, tries: int) -> str:
        """Which try an output is of."""
        *known, last = self.ordinals
        return known[tries - 1] if tries <= len(known) else last.format(tries)

    def tooltip(self, rule: str) -> str:
        """What a reader is told of a piece of an output that a normalizing rule found."""
        return self.differs.format(self.volatile.get(rule, self.volatile["other"]))


ZH = Words(
    language="zh",
    verified="已校验",
    recorded="已录制",
    failed="未通过",
    drifted="已漂移",
    unsteady="不稳定",
    skipped="已跳过",
    failing="与期望不符",
    drifting="与录制时的输出不同",
    wavering="本次构建的两次运行结果不一致",
    link="此步骤的链接",
    copy="复制命令",
    more="展开其余 {} 行",
    held="成立的期望",
    broken="不成立的期望",
    came="实际得到",
    tries="{}的输出：这一步会重复执行，直到符合期望",
    ordinals=("第 {} 次尝试",),
    exit="退出状态",
    drift="与实录的差异",
    disagreed="同一次构建里运行了两次，输出不同",
    alike="两次运行的输出相同，但只有一次符合期望",
    shown="上面的输出",
    other="另一次运行",
    preset="第一步之前在主机上做的设置",
    absent="开始时没有运行",
    by="输出来自",
    package="软件包",
    debian="引擎 {} 由 Debian 构建，不是 Docker 官方的软件包",
    builds="两者的区别",
    firewall="防火墙后端",
    kernel="内核",
    image="主机镜像",
    boot="亲手试一试：启动这个场景的主机，进入这一步",
    raw="整个场景的原始输出",
    colon="：",
    stop="；",
    also="、",
    yours={
        "card": "{} 要换成您机器上的网卡名",
        "address": "{} 要换成您自己的地址",
        "subnet": "{} 要换成您自己的子网",
    },
    find="怎么查",
    uncaught="未取到",
    troubled={
        "failed": "本次构建未通过：{}。本页与之相关的说法可能不成立。",
        "drifted": "输出与录制时不同：{}。",
        "unsteady": "本次构建的两次运行结果不一致：{}。",
    },
    reasons=(
        (r"the kernel (\S+) has no (\S+)", r"内核 \1 没有 \2"),
        (r"needs (\S+), this is (\S+)", r"需要 \1，这里是 \2"),
        (r"it needs the value “(\S+)”, which was not captured", r"它所需要的值 “\1” 没有取到"),
        (r"the scene ran longer than its timeout \((\S+) s\)", r"场景超过了 \1 秒的时限"),
        (r"it did not run", "没有运行"),
        (r"edited, not run again: (.+)", r"已修改，还没有重新运行：\1"),
        (r"output within its limit", "输出没有超过上限"),
        (r"output to its end", "输出到结束为止"),
        (r"it ran longer: .*", "运行超时：应让它自己结束，或把 timeout 写长一些"),
        (r"it printed more than .*", "输出超过了一个步骤的上限：用过滤或计数来缩短"),
        (r"what it started still holds .*", "它启动的进程还占着输出：把那部分输出重定向到别处"),
        (r"the scene's time was over .*", "这一步还没开始，场景的时限就到了：缩短场景，或拆成两个"),
    ),
    scenes="场景",
    steps="步骤",
    step="步骤",
    expectations="期望",
    verdict="结论",
    not_run="未在此实跑的陈述",
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
    language="en",
    verified="Verified",
    recorded="Recorded",
    failed="Failed",
    drifted="Drifted",
    unsteady="Unsteady",
    skipped="Skipped",
    failing="not what was expected",
    drifting="not what was recorded",
    wavering="two runs of this build did not agree",
    link="Link to this step",
    copy="Copy the commands",
    more="Show {} more lines",
    held="What was expected, and held",
    broken="What was expected, and did not hold",
    came="came instead",
    tries="Output of {}: the step is repeated until it is as expected",
    ordinals=(
        *("the first try", "the second try", "the third try", "the fourth try", "the fifth try"),
        "try {}",
    ),
    exit="Exit status",
    drift="What changed since it was recorded",
    disagreed="It ran twice in this build, and printed two things",
    alike="It ran twice in this build and printed the same; only one run was as expected",
    shown="shown above",
    other="the other run",
    preset="Set on the hosts before the first step",
    absent="not running at the start",
    by="Printed by",
    package="Package",
    debian="The engine is Debian's build of {}, not Docker's own package",
    builds="how they differ",
    firewall="Firewall backend",
    kernel="Kernel",
    image="Host image",
    boot="Try it yourself: boot this scene's hosts, up to this step",
    raw="Everything this scene printed, raw",
    colon=": ",
    stop="; ",
    also=", ",
    yours={
        "card": "Write the name of your own network card in place of {}",
        "address": "Write your own address in place of {}",
        "subnet": "Write your own subnet in place of {}",
    },
    find="how to find it",
    uncaught="not captured",
    troubled={
        "failed": "Failed in this build: {}. What this page says of them may not hold.",
        "drifted": "Not what was recorded: {}.",
        "unsteady": "Two runs of this build did not agree: {}.",
    },
    reasons=(),
    scenes="Scenes",
    steps="Steps",
    step="Step",
    expectations="Expectations",
    verdict="Verdict",
    not_run="Statements not run here",
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
