"""What an answer costs: time, throughput, bytes, energy and money, of the packaged draft on this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zhinan.core import register

if TYPE_CHECKING:
    from zhinan.evaluate.costs import Costs
    from zhinan.proof import Measurement

__all__ = ["cost", "energy", "latency_p50", "latency_p95", "latency_p99", "memory", "size", "throughput"]


def _latency(costs: Costs, q: float) -> Measurement:
    from zhinan.proof import Measurement

    return Measurement.quantile(costs.latencies, q, blocks=costs.blocks)


@register("metric", "latency_p50", zh=("延迟中位数",), unit="ms", better="lower", family="cost", per_class=False)
def latency_p50(costs: Costs) -> Measurement:
    """Median latency: half of single requests are answered within it. Choose it to feel the typical case.

    Source: order statistics, David & Nagaraja (2003), over blocks of fresh processes; proved for this machine only.
    """
    return _latency(costs, 0.50)


@register("metric", "latency_p95", zh=("延迟P95",), unit="ms", better="lower", family="cost", per_class=False)
def latency_p95(costs: Costs) -> Measurement:
    """p95 latency: 95 % of single requests are answered within it. Choose it for what users notice.

    Source: order statistics, David & Nagaraja (2003), over blocks of fresh processes; proved for this machine only.
    """
    return _latency(costs, 0.95)


@register("metric", "latency_p99", zh=("延迟P99",), unit="ms", better="lower", family="cost", per_class=False)
def latency_p99(costs: Costs) -> Measurement:
    """p99 latency: 99 % of single requests are answered within it. Choose it when one request fans out into many.

    Source: order statistics, David & Nagaraja (2003), over blocks of fresh processes; proved for this machine only.
    """
    return _latency(costs, 0.99)


@register("metric", "throughput", zh=("吞吐量",), unit="rps", better="higher", family="cost", per_class=False)
def throughput(costs: Costs) -> Measurement:
    """Throughput: predictions per second of one process and thread, rows in small batches. Choose it for batch work.

    The worst block counts, so the line holds in every block measured; proved for this machine only.
    """
    from zhinan.proof import Measurement

    return Measurement.worst(costs.throughputs, better="higher")


@register("metric", "size", zh=("体积", "大小"), unit="MB", better="lower", family="cost", per_class=False)
def size(costs: Costs) -> Measurement:
    """Size: bytes of the version less its report and proof. Choose it for phones, edges and fast starts. Exact."""
    from zhinan.proof import Measurement

    return Measurement.exact(costs.size)


@register("metric", "memory", zh=("内存",), unit="MB", better="lower", family="cost", per_class=False)
def memory(costs: Costs) -> Measurement:
    """Memory: peak resident bytes of a process that loads the version and predicts. The worst of five runs counts."""
    from zhinan.proof import Measurement

    return Measurement.worst(costs.memories)


@register("metric", "energy", zh=("能耗",), unit="Wh", better="lower", family="cost", per_class=False)
def energy(costs: Costs) -> Measurement:
    """Energy: watt-hours of 1,000 predictions in small batches. Choose it for batteries, bills and carbon.

    Measured by RAPL where the machine lets it be read (the whole processor package counts); else an estimate,
    CPU-seconds times `cost.watts`, which errs on the high side on many cores. The worst block counts; proved for this
    machine only.

    Raises: UserError E281 when neither can be had.
    Source: RAPL, Intel SDM vol. 3B ch. 15.10; Khan et al., ACM TOMPECS 3 (2018).
    """
    from dataclasses import replace

    from zhinan.proof import Measurement

    found = Measurement.worst(costs.energies())
    return replace(found, bound=f"{found.bound}, {costs.energy}")


@register(
    "metric",
    "cost",
    zh=("费用", "成本"),
    unit="USD",
    better="lower",
    family="cost",
    per_class=False,
    asks=("cost.price",),
)
def cost(costs: Costs) -> Measurement:
    """Cost: money for 1,000 predictions, from the price of an hour of this machine. Choose it to compare with an API.

    The unit is the currency of `cost.price`. One process and thread in small batches is charged the whole machine's
    hour, so the figure errs on the high side. The worst block counts; proved for this machine only.

    Raises: UserError E282 without a price.
    """
    from zhinan.proof import Measurement

    return Measurement.worst(costs.money())
