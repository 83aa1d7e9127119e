"""The auditor's page: what of the ML Test Score is done for this version, with the evidence, and what is not.

Source: Breck, Cai, Nielsen, Salib & Sculley, The ML Test Score, IEEE Big Data 2017: 28 tests, four groups of seven.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from zhinan.core import Words

__all__ = ["ml_test_score"]

Facts = Mapping[str, Any]
Told = tuple[bool, Words]


def ml_test_score(facts: Facts) -> list[dict[str, Any]]:
    """The 28 tests as the report shows them: {"test", "test_zh", "group", "done", "evidence"}.

    A test is done when this version's own facts show it; what Zhinan could do but did not here is not done.

    Args: facts: of the report, complete but for this list.
    """
    rows = []
    for group, tests in TESTS.items():
        for english, chinese, shown in tests:
            done, why = shown(facts)
            rows.append(
                {
                    "group": group, "test": english, "test_zh": chinese, "done": done,
                    "evidence": {"en": why.en, "zh": why.zh},
                }
            )  # fmt: skip
    return rows


def _data(facts: Facts) -> Facts:
    found: Facts = facts["build"].get("data") or {}
    return found


def _always(en: str, zh: str) -> Callable[[Facts], Told]:
    return lambda facts: (True, Words(en, zh))


def _never(en: str, zh: str) -> Callable[[Facts], Told]:
    return lambda facts: (False, Words(en, zh))


def _if_there(key: str, there: Words, absent: Words) -> Callable[[Facts], Told]:
    return lambda facts: (True, there) if facts.get(key) else (False, absent)


def _schema(facts: Facts) -> Told:
    shown = ", ".join(f"{column['name']}: {column['kind']}" for column in facts["columns"][:6])
    return True, Words(
        f"every input has a kind; other values are refused ({shown})", f"每个输入都有类型，不符则拒绝（{shown}）"
    )


def _features(facts: Facts) -> Told:
    tried = [row for row in facts["build"]["recipes"] if row["dev"]]
    done = len(tried) > 1
    return done, Words(
        f"{len(tried)} recipes were compared on dev; each adds an encoder only where it gains",
        f"在开发集上比较了 {len(tried)} 个配方；只有带来提升的编码器才会加入",
    )


def _privacy(facts: Facts) -> Told:
    masks = [line for line in facts["contract"].splitlines() if line.strip().startswith("mask:")]
    found = _data(facts).get("masked", 0)
    return bool(masks), Words(
        f"personal details are masked before anything is stored: {found:,} finds"
        if masks else "the contract asks for no masks",
        f"个人信息在存储前脱敏：共 {found:,} 处" if masks else "合同未要求脱敏",
    )  # fmt: skip


def _floor(facts: Facts) -> Told:
    prior = next((row for row in facts["build"]["recipes"] if row["level"] == "prior"), None)
    return prior is not None, Words(
        "answering without looking at the input was tried first and is shown among the recipes",
        "先试过不看输入的基线，见配方表",
    )


def _sealed(facts: Facts) -> Told:
    opening = facts["build"]["ledger"].get("opening")
    return opening is not None, Words(
        f"certified on sealed rows, opening {opening}" if opening else "the seal stayed closed: judged on dev only",
        f"在封存集上检验，第 {opening} 次打开" if opening else "封存集未打开，仅在开发集上评判",
    )


def _proved(facts: Facts) -> Told:
    outcome = facts["build"]["outcome"]
    return outcome == "PROVED", Words(f"the contract is {outcome}", f"合同结论：{outcome}")


def _costed(facts: Facts) -> Told:
    return bool(facts.get("costs")), Words(
        "latency, throughput, size and memory were measured on the packaged version in fresh processes",
        "在全新进程中测量了打包版本的延迟、吞吐、体积与内存",
    )


TESTS: Mapping[str, tuple[tuple[str, str, Callable[[Facts], Told]], ...]] = {
    "data": (
        ("Feature expectations are captured in a schema", "特征预期写入模式", _schema),
        ("All features are beneficial", "所有特征都有用", _features),
        ("No feature's cost is too much", "没有代价过高的特征", _costed),
        (
            "Features adhere to requirements",
            "特征符合要求",
            _always("only the contract's inputs are read", "只读取合同列出的输入"),
        ),
        ("The data has privacy controls", "数据有隐私控制", _privacy),
        (
            "New features can be added quickly",
            "可快速新增特征",
            _always("an input is one word in the contract", "合同中加一个词即可"),
        ),
        (
            "All input feature code is tested",
            "输入特征代码经过测试",
            _always(
                "training and serving run the same packaged steps, replayed on made-up rows at load",
                "训练与服务运行同一份打包步骤，加载时用虚构行重放",
            ),
        ),
    ),
    "model": (
        (
            "Specifications are reviewed and submitted",
            "规格经过评审并提交",
            _always("the contract is packaged with its hash", "合同连同哈希一起打包"),
        ),
        (
            "Offline and online metrics correlate",
            "离线与线上指标相关",
            _never("known only once this version has served labelled traffic", "需等本版本服务并获得带标签的流量"),
        ),
        (
            "All hyperparameters are tuned",
            "超参数已调优",
            _always("chosen on dev, never on sealed rows", "在开发集上选定，从不用封存集"),
        ),
        (
            "The impact of staleness is known",
            "已知模型过时的影响",
            _never("no earlier version was compared on later data", "尚未在更新的数据上比较旧版本"),
        ),
        ("A simpler model is not better", "更简单的模型并不更好", _floor),
        (
            "Quality is sufficient on important slices",
            "重要分组上的质量足够",
            _if_there(
                "slices",
                Words("groups named in the contract are shown one by one", "合同列出的分组逐一展示"),
                Words("the contract names no slices", "合同未列出分组"),
            ),
        ),
        (
            "Considerations of inclusion",
            "考虑了公平性",
            _if_there(
                "fairness",
                Words("gaps between groups are measured with intervals", "已测量组间差距及其区间"),
                Words("the contract compares no groups", "合同未比较任何分组"),
            ),
        ),
    ),
    "infrastructure": (
        (
            "Training is reproducible",
            "训练可复现",
            _always(
                "splits are a keyed hash, nothing is random, the environment is recorded",
                "按带密钥哈希划分，无随机性，环境已记录",
            ),
        ),
        (
            "Model specs are unit tested",
            "模型规格经过单元测试",
            _always("made-up rows are replayed whenever the version is opened", "每次打开版本都会重放虚构行"),
        ),
        (
            "The pipeline is integration tested",
            "全流程经过集成测试",
            _always("what was certified is the packaged file itself", "检验的就是打包后的文件本身"),
        ),
        ("Quality is validated before serving", "上线前验证质量", _sealed),
        (
            "The model is debuggable",
            "模型可调试",
            _if_there(
                "errors",
                Words(
                    "wrong dev answers are listed, with explanations where they could be made",
                    "列出开发集中的错误回答及可得的解释",
                ),
                Words("dev had no wrong answer to show", "开发集没有错误回答"),
            ),
        ),
        (
            "Canary before serving",
            "上线前灰度",
            _never("canary releases come with a later release of Zhinan", "灰度发布将在以后的版本提供"),
        ),
        (
            "Serving can be rolled back",
            "服务可回滚",
            _always("zhinan rollback puts the previous version live", "zhinan rollback 可恢复上一版本"),
        ),
    ),
    "monitoring": (
        (
            "Dependency changes notify",
            "依赖变化会通知",
            _always(
                "a library that computes something else is refused when the version is opened",
                "若库的计算结果改变，打开版本时即拒绝",
            ),
        ),
        (
            "Data invariants hold in serving",
            "服务时数据不变量成立",
            _always(
                "requests are checked against the schema and refused when they do not fit", "请求按模式检查，不符则拒绝"
            ),
        ),
        (
            "Training and serving are not skewed",
            "训练与服务无偏差",
            _always("both run the same steps; masks too", "两者运行同样的步骤，包括脱敏"),
        ),
        (
            "Models are not too stale",
            "模型不过时",
            _never("no age limit is set in the contract", "合同未设定时限"),
        ),
        (
            "Models are numerically stable",
            "数值稳定",
            _always("outputs do not depend on the batch; goldens agree to 1e-4", "输出不依赖批次；样例误差不超过 1e-4"),
        ),
        ("Computing performance has not regressed", "计算性能未退化", _costed),
        ("Prediction quality has not regressed", "预测质量未退化", _proved),
    ),
}
