"""What an answer costs: time, throughput, bytes on disk and in memory, of the packaged draft on this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zhinan.core import register

if TYPE_CHECKING:
    from zhinan.evaluate.costs import Costs
    from zhinan.proof import Measurement

__all__ = ["latency_p50", "latency_p95", "latency_p99", "memory", "size", "throughput"]


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
    """Size: bytes of the version directory. Choose it for phones, edges and fast starts. Exact."""
    from zhinan.proof import Measurement

    return Measurement.exact(costs.size)


@register("metric", "memory", zh=("内存",), unit="MB", better="lower", family="cost", per_class=False)
def memory(costs: Costs) -> Measurement:
    """Memory: peak resident bytes of a process that loads the version and predicts. The worst of five runs counts."""
    from zhinan.proof import Measurement

    return Measurement.worst(costs.memories)
