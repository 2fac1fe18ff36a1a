"""The workload of the benchmarks: its vocabulary and its rules, for the generator and the contenders alike.

A rule is plain data here. `generate.py` writes it in the rule language, `contenders.py` as SQL and as Polars expressions,
so that all of them judge the same rules.
"""

from dataclasses import dataclass

SEED = 20210301
YEARS = (2019, 2020, 2021)
YEAR = 2021
BEFORE = 2020
ROWS = 20_000_000
CSV_ROWS = 1_000_000
SIZES = (10, 100, 1000)
SUBJECTS_A_DEPARTMENT = 12

_CITIES = "石临安青金白东南西北云江平和长永新清华泰"
_PLACES = "城山河湖港桥林原泉岭溪洲川阳门"
_FIELDS = "教育 卫生 民政 交通 水务 农业 林业 商务 文化 体育 科技 审计 统计 司法 财政 住建 环保 应急 档案 信访".split()
_BODIES = "局 委员会 服务中心 管理处 研究院".split()
_PURPOSES = (
    "办公 印刷 咨询 手续 水电 邮电 取暖 物业管理 差旅 维修 租赁 会议 培训 公务接待 专用材料 劳务 委托业务 工会 福利 公务用车"
).split()
_ITEMS = "经费 补助 专项 购置 运行维护 结转 奖励 偿还 储备 预备费".split()

# 300 regions, 100 departments, 200 subjects: no name is a part of the work to guess, and none needs quotes in a CSV file.
REGIONS = tuple(f"{city}{place}区" for city in _CITIES for place in _PLACES)
DEPARTMENTS = tuple(f"{field}{body}" for field in _FIELDS for body in _BODIES)
SUBJECTS = tuple(f"{purpose}{item}" for item in _ITEMS for purpose in _PURPOSES)
assert (len(set(REGIONS)), len(set(DEPARTMENTS)), len(set(SUBJECTS))) == (300, 100, 200)


@dataclass(frozen=True)
class Cut:
    """For each region and department: the subject's sum is at least `percent` below that of the year before.

    With `positive`, the rule is not applicable where the year before is 0 or below; without it, such a case is an error.
    """

    id: str
    subject: str
    percent: int
    positive: bool


@dataclass(frozen=True)
class Filled:
    """Every row: the amount is no less than `floor` (0 or below, whole 元), and the subject is not blank."""

    id: str
    floor: int


@dataclass(frozen=True)
class NotNegative:
    """Every row of a subject: the amount is no less than `floor` (0 or above, whole 元)."""

    id: str
    subject: str
    floor: int


@dataclass(frozen=True)
class Share:
    """For each region: the subject's share of the region's total is within bounds, in hundredths of a per cent."""

    id: str
    subject: str
    low: int
    high: int


def rules(count):
    """The first `count` rules: the three kinds in turn, no two alike up to 1000 and beyond."""
    made = []
    for at in range(count):
        turn = at // 3
        subject = SUBJECTS[turn % len(SUBJECTS)]
        round_ = turn // len(SUBJECTS)
        if at % 3 == 0:
            made.append(Cut(f"G{at}", subject, 10 + round_, positive=turn % 2 == 1))
        elif at % 3 == 1:
            if turn % 2 == 0:
                made.append(Filled(f"G{at}", -(turn // 2)))
            else:
                made.append(NotNegative(f"G{at}", SUBJECTS[turn // 2 % len(SUBJECTS)], turn // 2 // len(SUBJECTS)))
        else:
            made.append(Share(f"G{at}", subject, 44 - round_, 56 + round_))
    return made
