"""The sentences of the summary: outcome, cost, what changed, what to do next and what was not proved."""

from __future__ import annotations

__all__ = ["SUMMARY"]

SUMMARY: dict[str, tuple[str, str]] = {
    # outcome
    "outcome": ("Goal and outcome", "目标与结果"),
    "goal": ("Goal", "目标"),
    "headline_PROVED": ("Everything asked is proved.", "所要求的均已达标。"),
    "headline_UNDECIDED": ("Not decided yet.", "尚不能下结论。"),
    "headline_REFUTED": ("Not good enough: what was asked is refuted.", "还不够好：所要求的未能做到。"),
    "outcome_PROVED": (
        "Every line of the contract is proved ({m} of {m}), each at {confidence} confidence.",
        "合同的每一条条款均已达标（{m}/{m}），每条的置信度为 {confidence}。",
    ),
    "outcome_UNDECIDED": (
        "Of {m} lines, {proved} proved at {confidence} confidence, {undecided} undecided, none refuted. "
        "Where undecided, the evidence does not suffice either way.",
        "{m} 条条款中，{proved} 条在 {confidence} 置信度下达标，{undecided} 条证据不足，没有不达标的；"
        "证据不足的条款尚不能下结论。",
    ),
    "outcome_REFUTED": (
        "Of {m} lines, {refuted} refuted, {undecided} undecided, {proved} proved at {confidence} confidence: "
        "this version does not do what was asked.",
        "{m} 条条款中，{refuted} 条不达标，{undecided} 条证据不足，{proved} 条在 {confidence} 置信度下达标："
        "该版本没有做到所要求的。",
    ),
    "in_use": (
        "Beyond that, {n} asked for is judged in use, from what people do: zhinan status says so, and going live does "
        "not wait for it.",
        "另有 {n} 条在上线后依据用户行为判定，由 zhinan status 给出，不影响上线。",
    ),
    "outcome_none": ("The contract has no line that could be proved.", "合同中没有可供证明的条款。"),
    "seal_closed_dev": (
        "The seal stayed closed: dev examples already refute a line, so no sealed example was spent.",
        "封存集未打开：开发集已足以否定某一条款，因此没有消耗封存样本。",
    ),
    "seal_closed_measured": (
        "The seal stayed closed: a cost line is refuted, so no sealed example was spent.",
        "封存集未打开：已有成本条款不达标，因此没有消耗封存样本。",
    ),
    "seal_closed": (
        "The seal stayed closed: this is a draft, or an earlier opening left a line unproved that is still asked for.",
        "封存集未打开：这是一份草稿，或先前的开启中有条款未达标而合同仍在要求。",
    ),
    "override": ("The limit on looking at the sealed set was overridden.", "封存集的查看次数限制已被人为突破。"),
    "override_note": (
        "The ledger was spent and somebody opened the sealed set all the same. Nothing is proved by such a look: "
        "take what it saw as measurements. Only what earlier openings had proved stays proved.",
        "账本已用尽，仍有人打开了封存集。这样的查看不能证明任何东西，所见只能当作测量；此前的打开已证明的仍然成立。",
    ),
    "override_who": ("Recorded: {who}, {when}. Reason given: {reason}", "记录：{who}，{when}。所述理由：{reason}"),
    "promises": ("What was asked, line by line", "逐条看要求"),
    # cost
    "price": ("What it costs", "成本"),
    "tile_recipe": ("chosen recipe", "选用的方案"),
    "tile_built": ("built in", "构建用时"),
    "tile_latency": ("95 % of answers within", "95 % 的请求耗时不超过"),
    "tile_size": ("size", "体积"),
    "tile_memory": ("memory", "内存"),
    "tile_throughput": ("one process", "单进程"),
    "tile_money": ("money per 1,000 answers", "每 1,000 次回答的费用"),
    "tile_money_now": ("today's, per 1,000 answers", "现有方案每 1,000 次的费用"),
    "tile_energy": ("energy per 1,000 answers", "每 1,000 次回答的能耗"),
    "tile_energy_built": ("energy of the build", "构建能耗"),
    "tile_examples": ("labelled examples", "有标注的样本"),
    "energy_estimated": ("Energy is estimated from CPU time.", "能耗由 CPU 时间估算。"),
    # what a version learned that replaces another
    "improved": ("What it learned since {champion}", "自 {champion} 以来学到了什么"),
    "improved_taught": (
        "People said {rows} things about answers of {champion}; {used} were taught.",
        "用户对 {champion} 的回答共有 {rows} 条反馈，其中 {used} 条用于学习。",
    ),
    "improved_judged": (
        "Of {words} words compared with what all others say, {against} go against it; of dev's rows {on_dev} do.",
        "与其他人的话及数据比对了 {words} 条反馈，其中 {against} 条与之相悖；开发集中为 {on_dev}。",
    ),
    "improved_skipped": ("Left out for lack of time", "因时间不足而省略"),
    "improved_superior": (
        "On the same {n} sealed rows it is better than {champion} by {value}, at least {bound} ({line}).",
        "在相同的 {n} 行封存数据上，比 {champion} 好 {value}，至少 {bound}（{line}）。",
    ),
    "improved_alike": (
        "On the same {n} sealed rows it is at most {margin} worse than {champion}: {value}, at least {bound} ({line}).",
        "在相同的 {n} 行封存数据上，比 {champion} 至多差 {margin}：{value}，至少 {bound}（{line}）。",
    ),
    "improved_undecided": (
        "On the same {n} sealed rows the difference to {champion} is {value}, at least {bound} ({line}): undecided.",
        "在相同的 {n} 行封存数据上，与 {champion} 相差 {value}，至少 {bound}（{line}）：证据不足。",
    ),
    "improved_closed": (
        "It was not compared with {champion} on sealed rows, as the seal stayed closed.",
        "封存集未打开，因此没有在封存数据上与 {champion} 比较。",
    ),
    "improved_wins": (
        "Only it was right on {wins} rows, only {champion} on {losses}.",
        "仅本版本答对 {wins} 行，仅 {champion} 答对 {losses} 行。",
    ),
    "improved_replaces": ("By this proof it takes the place of {champion}:", "依此证明，它取代 {champion}："),
    "improved_stays": ("By this proof {champion} stays live:", "依此证明，{champion} 继续在线："),
    "improved_slices": ("What got better or worse", "哪些变好，哪些变差"),
    "improved_legend": (
        "Right answers to dev rows, the most changed first: ○ {champion}, ● now, from 0 to 100 %. It proves nothing.",
        "开发集上的正确率，变化最大的在前：○ {champion}，● 现在，从 0 到 100 %。仅供参考，不是证明。",
    ),
    "improved_before": ("before", "之前"),
    "improved_after": ("now", "现在"),
    "improved_right": ("right", "应为"),
    "improved_examples": ("Answered otherwise now", "现在回答不同的例子"),
    "improved_grown": ("New classes", "新类别"),
    "improved_found": ("{name}: {found} of {n} sealed rows are found", "{name}：{n} 行封存数据中找到 {found}"),
    "improved_aside": ("Set aside before anything was learned", "学习之前被隔离的反馈"),
    "improved_source": (
        "Source {who}, {words} things said, {used} taken:",
        "来源 {who}，共 {words} 条，采用 {used} 条：",
    ),
    "improved_proposals": ("Classes it may lack", "可能缺少的类别"),
    "improved_by_traffic": ("{name}: {n} alike inputs of traffic", "{name}：流量中 {n} 条相似的输入"),
    "improved_by_words": ("{name}: named by people {n} times", "{name}：用户提到 {n} 次"),
    # what changed
    "diff": ("What changed in the contract", "合同有何改动"),
    "diff_note": (
        "Since the version before. What did not change was not proved anew.",
        "与上一版本相比；未改动的条款不重新证明。",
    ),
    "change_added": ("added", "新增"),
    "change_tightened": ("tightened", "收紧"),
    "change_loosened": ("loosened", "放宽"),
    "change_removed": ("removed", "删除"),
    "change_same": ("same", "未变"),
    "was": ("was {was}", "原为 {was}"),
    # what to do next
    "next": ("What to do next", "下一步"),
    "ranked": ("Ranked by what each is expected to gain.", "按预期收益排序。"),
    "gain": ("expected gain {low} to {high}", "预期收益 {low} 至 {high}"),
    "gain_none": ("no gain expected", "预计没有收益"),
    "also": ("Also", "此外"),
    "do_clean_labels": ("Clean the labels", "清理标签"),
    "do_more_data": ("Collect more labelled examples", "增加有标注的样本"),
    "do_larger_recipe": ("Let the build try a larger recipe", "尝试更大的方案"),
    "do_relax": ("Relax the contract", "放宽合同"),
    "do_label_test_rows": ("Label more test examples", "标注更多测试样本"),
    "next_serve": (
        "Nothing is left to prove for this contract. Serve it with {command}, and give feedback back: "
        "the same contract keeps watching it.",
        "该合同已无需再证明。用 {command} 上线，并回传反馈：同一份合同会继续看守它。",
    ),
    "next_examples": (
        "Label at least {n} more examples from where the product will be used (for a line about one class: of that "
        "class), add them to the test data and build again.",
        "从产品实际使用场景中至少再标注 {n} 条样本（若条款只针对某一类别，则为该类别的样本），加入测试数据后重新构建。",
    ),
    "next_requests": (
        "Measure {n} more requests, on a quiet machine: that many decide the cost lines.",
        "在空闲的机器上再测 {n} 次请求：这个数量足以判定成本条款。",
    ),
    "next_draft": (
        "Nothing sealed was looked at. Build without {option} to open the seal and have the contract decided.",
        "尚未查看任何封存样本。去掉 {option} 重新构建，即可打开封存集并作出判定。",
    ),
    "next_relax": (
        "The smallest single change of the contract that would pass: {line} becomes {to}.",
        "能够通过的最小改动：把 {line} 改为 {to}。",
    ),
    "next_labels": (
        "Collect more training labels: an estimated {low} to {high} more would reach the target.",
        "增加训练标注：估计再标注 {low} 至 {high} 条可达到目标。",
    ),
    "next_suspect": (
        "Look again at {n} labels that are probably wrong; a mended label often pays more than a new one.",
        "复查 {n} 条可能标错的标签；改正一条往往比新增一条更有用。",
    ),
    "next_pareto": ("Alternatives nothing beats on both quality and cost", "质量与成本上都没有被超过的其他方案"),
    "next_refuted": (
        "Relax the refuted line, or give the build more and cleaner data.",
        "放宽不达标的条款，或提供更多、更干净的数据。",
    ),
    "next_undecided": (
        "The open lines cannot be decided with this data alone: look at how they are written, then build again.",
        "仅凭现有数据无法判定剩余条款：请检查条款的写法，再重新构建。",
    ),
    # limits
    "limits": ("What was not proved", "哪些没有得到证明"),
    "limit_where": (
        "The verdicts hold for examples like the sealed ones. If those do not come from where the product will be "
        "used, nothing is proved about it.",
        "结论只对与封存集同类的样本成立；若封存集并非来自产品的实际使用场景，则对实际使用没有任何证明。",
    ),
    "limit_sealed_off": ("No quality line was tested on sealed examples.", "没有任何质量条款在封存样本上检验过。"),
    "limit_override": (
        "The sealed set was opened beyond its ledger: see the warning above.",
        "封存集的打开次数超出账本：见上方警告。",
    ),
    "limit_dev": (
        "Figures on recipes, classes, groups and mistakes come from dev examples. Those were used to choose, so the "
        "figures are a guide, not a proof.",
        "关于方案、类别、分组和错误的数字均来自开发集；开发集参与了挑选，因此这些数字只供参考，不是证明。",
    ),
    "limit_tune": (
        "Whoever changes the product after looking at sealed values leaves the guarantee.",
        "看过封存集数值之后再据此调整产品，保证即告失效。",
    ),
    "limit_opening": (
        "This was opening {t} of the sealed set, at an error of {delta}; openings left: {left}.",
        "这是封存集的第 {t} 次打开，所用错误率为 {delta}；剩余次数：{left}。",
    ),
    "limit_alone": (
        "{line}: rows near in time were found no more alike than others, so its {rows} rows count as drawn alone.",
        "{line}：未发现时间上相邻的行彼此更相似，其 {rows} 行各计为一次独立抽取。",
    ),
    "limit_blocks": (
        "{line}: rows near in time are alike. Its {rows} rows were drawn as {blocks} blocks of {block} in a row, and "
        "are worth about {worth} drawn alone.",
        "{line}：时间上相邻的行彼此相似。其 {rows} 行按 {blocks} 个区块（每块连续 {block} 行）计算，"
        "约相当于 {worth} 行独立样本。",
    ),
    "limit_machine": (
        "Time, throughput and memory are proved for this machine only: {machine}.",
        "耗时、吞吐量和内存只对这台机器成立：{machine}。",
    ),
    "limit_machine_unknown": (
        "Time, throughput and memory are proved for the machine they were measured on, no other.",
        "耗时、吞吐量和内存只对测量所用的机器成立。",
    ),
    "limit_seed": (
        "One build with seed {seed}. Another seed may find another version, with verdicts of its own.",
        "本次构建使用随机种子 {seed}；换一个种子可能得到另一个版本，其结论须另行证明。",
    ),
    "limit_undeclared": (
        "Nothing is claimed beyond the lines above: groups, disturbances and classes they do not name carry no proof.",
        "除上述条款外不作任何保证：条款未提到的人群、干扰和类别均无证明。",
    ),
    "limit_chance": (
        "At {confidence} confidence a false line passes in at most {risk} of such proofs.",
        "在 {confidence} 置信度下，不成立的条款最多有 {risk} 的可能被误判为达标。",
    ),
}
