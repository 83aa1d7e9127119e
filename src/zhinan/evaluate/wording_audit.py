"""The sentences of the audit page and of the card's own sections: how to check, and what no check can show."""

from __future__ import annotations

__all__ = ["AUDIT"]

AUDIT: dict[str, tuple[str, str]] = {
    # self-report
    "tests": ("Readiness, self-reported", "就绪程度自评"),
    "tests_note": (
        "After the ML Test Score (Breck et al., 2017). It is a self-report: what is ticked comes with its evidence, "
        "what is not done is listed all the same.",
        "依据 ML Test Score（Breck 等，2017）。这是自评：打勾的附有依据，未做的也照样列出。",
    ),
    "tests_done": ("{done} of {all} done.", "{all} 项中已做 {done} 项。"),
    "tests_weakest": ("The weakest group is the score: {done} of {all}.", "得分取最弱的一组：{all} 项中 {done} 项。"),
    "tests_data": ("Data", "数据"),
    "tests_model": ("Model", "模型"),
    "tests_infrastructure": ("Infrastructure", "基础设施"),
    "tests_monitoring": ("Monitoring", "监控"),
    "yes": ("done", "已做"),
    "no": ("not done", "未做"),
    # hashes and verification
    "hashes": ("What this report is about, by its hashes", "本报告所指对象的哈希"),
    "hashes_note": (
        "If one of these differs from what you hold, this report is not about what you hold.",
        "若其中任何一项与你手中的不同，则本报告说的不是你手中的东西。",
    ),
    "hash_contract": ("Contract", "合同"),
    "hash_data": ("Data", "数据"),
    "hash_sealed": ("Sealed set", "封存集"),
    "hash_draft": ("Packaged draft", "打包的草稿"),
    "verify": ("How to check it yourself", "如何自行核查"),
    "verify_note": (
        "The verifier is one file that uses Python's standard library only. It reads proof.json, recomputes every "
        "bound that rests on counts and checks the sealed rows against the root they were committed to.",
        "核查程序只有一个文件，仅用 Python 标准库。它读取 proof.json，重新计算每一个基于计数的界，"
        "并对照训练前承诺的根哈希核对封存行。",
    ),
    "verify_files": ("Check that no file of the version was altered:", "检查版本中没有文件被改动："),
    "verify_ledger": (
        "How often the sealed set was looked at is in the ledger, on the engineering page.",
        "封存集被查看的次数见“工程”页的账本。",
    ),
    "cannot": ("What the proof cannot show", "证明不能说明什么"),
    "cannot_labels": (
        "That the labels are honest and right: a verdict is only as true as the labels it was counted on.",
        "标签是否诚实、正确：结论的真实程度不会超过它所依据的标签。",
    ),
    "cannot_origin": (
        "That the sealed examples come from where the product will be used.",
        "封存样本是否来自产品的实际使用场景。",
    ),
    "cannot_outside": (
        "That nobody saw the sealed examples outside this program, or built the product elsewhere with them.",
        "是否有人在本程序之外看过封存样本，或在别处用它们做过产品。",
    ),
    "cannot_time": (
        "That times and memory hold elsewhere: they were measured on one machine and cannot be recomputed from a file.",
        "耗时和内存在别处是否成立：它们只在一台机器上测得，也无法由文件重新计算。",
    ),
    "cannot_bootstrap": (
        "That bounds which rest on resampling were computed rightly: the verifier recomputes those on counts only.",
        "基于重抽样的界是否计算正确：核查程序只重新计算基于计数的界。",
    ),
    "licences": ("Licences", "许可"),
    "file": ("File", "文件"),
    "licence": ("Licence", "许可"),
    # the card
    "card": ("Model card", "模型卡"),
    "use": ("Intended use", "用途"),
    "use_note": (
        "For inputs like those in the data below; anything else was not tested.",
        "适用于与下述数据同类的输入；其余情况未经检验。",
    ),
    "metrics": ("Metrics and their bounds", "指标及其界"),
    "quality": ("Quality on dev", "开发集质量"),
    "limits_card": ("Limits", "局限"),
    "fairness_none": (
        "No group was compared: nothing is known about differences between people.",
        "未比较任何分组：对不同人群之间的差异一无所知。",
    ),
    "energy_card": ("Energy and cost", "能耗与成本"),
    "energy_build": ("The build used {energy} (estimated from CPU time).", "构建耗能 {energy}（由 CPU 时间估算）。"),
    "energy_none": ("Not measured.", "未测量。"),
    "ethics": ("Ethical notes", "伦理说明"),
    "ethics_masked": ("{n} personal details were masked before training.", "训练前遮盖了 {n} 处个人信息。"),
    "ethics_decides": (
        "It answers by statistics of past examples and repeats their mistakes and prejudices. Where an answer changes "
        "somebody's life, money or rights, a person should decide and be able to say why.",
        "它依据以往样本的统计规律作答，也会重复其中的错误与偏见。若答案关系到人的生活、财产或权利，应由人来决定，并能说明理由。",
    ),
    "ethics_handover": (
        "It hands over what it is unsure of: {rate} of dev examples were answered by itself.",
        "没有把握的会转交给人：开发集中有 {rate} 由它自动回答。",
    ),
    "ethics_person": (
        "Nothing here says that it treats every person or group alike; the section on fairness says what was compared.",
        "这里没有任何内容表明它对每个人或群体一视同仁；比较过什么，见“公平性”一节。",
    ),
    "fairness_card": ("Fairness", "公平性"),
    "licences_none": ("No licence is recorded.", "没有记录许可。"),
    "verify_card": ("How to verify", "如何核查"),
}
