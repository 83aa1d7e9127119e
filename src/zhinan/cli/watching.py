"""`status`: where a product stands, once or again and again, with the alarms of its lines in production."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from traceback import format_exception
from typing import TYPE_CHECKING, Any

import click

from zhinan.cli.options import Asked, Seconds, example, with_options

if TYPE_CHECKING:
    from zhinan.cli.following import Following

__all__ = ["passes", "status"]

_OF = {
    "feedback": ("labelled answer", "labelled answers", "条有标注的回答"),
    "audit": ("audited answer", "audited answers", "条抽检的回答"),
    "requests": ("request", "requests", "个请求"),
    "events": ("person", "people", "位用户"),
    "minutes": ("minute with traffic", "minutes with traffic", "个有流量的分钟"),
    "answers": ("person answered", "people answered", "位获得回答的用户"),
}
"""What a monitor counts: one, several, and in Chinese."""

_AUDIT = (
    "the audit is broken: an entry was changed, added or removed",
    "审计链已断裂：有记录被更改、添加或删除",
)
PASSING = ("E404", "E405", "E407")
"""A full disk, a busy store and one out of reach: a watch that has begun says so and looks again."""
ALARMED = 1
"""Exit code when a line of the live version no longer holds, or nothing can watch it."""


@click.command(epilog=example("zhinan status --watch --webhook https://hooks.example.org/zhinan"))
@click.argument("product", type=click.Path(path_type=Path), default=Path("product.yaml"))
@click.option("--watch", is_flag=True, help="Look again and again; tell what changes.")
@click.option("--every", type=Seconds(0.1, 86_400), default=30.0, show_default=True, help="Seconds between two looks.")
@click.option("--webhook", metavar="URL", help="Post each alarm there; with ZHINAN_WEBHOOK_TOKEN as bearer token.")
@with_options
def status(asked: Asked, product: Path, watch: bool, every: float, webhook: str | None) -> int:
    """Versions, stages, live verdicts, alarms, the sealed set's ledger, feedback; exit 1 when an alarm is on."""
    from zhinan.cli.following import Following
    from zhinan.improve.alarms import Webhook, changes, going_off
    from zhinan.improve.status import status as look
    from zhinan.store import Store

    follow = Following(asked, product)
    hook = Webhook(webhook, os.environ.get("ZHINAN_WEBHOOK_TOKEN"), patient=watch) if webhook else None
    told: set[str] = set()
    before: Mapping[str, Any] | None = None
    with Store(asked.place(follow.contract.path)) as store:
        while True:
            try:
                found = look(follow.contract, store)
            except Exception as error:
                if before is None or not passes(error):
                    raise
                _pause(follow, every)
                continue
            alarms = going_off(found)
            if before is None:
                asked.answer(found, partial(_tell, found, follow.contract.confidence, asked.zh))
                told = {alarm["id"] for alarm in alarms}
            else:
                for change in changes(before, found):
                    _say(asked, {"change": change}, _change_text(change, asked.zh))
            before = found
            for alarm in alarms:
                if alarm["id"] not in told:
                    _say(asked, {"alarm": alarm}, _alarm_text(alarm, asked.zh))
            told = {alarm["id"] for alarm in alarms}
            failed = hook.send(alarms) if hook else None
            if failed:
                click.echo(f"webhook: {failed}", err=True)
            if not watch:
                return ALARMED if alarms or found["audit"] == "broken" else 0
            sys.stdout.flush()
            _pause(follow, every)


def _pause(follow: Following, seconds: float) -> None:
    """Until the next look, which goes by what the product file says then."""
    time.sleep(seconds)
    follow.look()


def passes(error: Exception) -> bool:
    """Whether a watch goes on, having said what kept it from a look: a mistake of ours must not end all alarms."""
    from zhinan.core import UserError
    from zhinan.steps.mask import redact

    if isinstance(error, UserError) and error.code not in PASSING:
        return False
    told = f"{error.code} {error.what()}" if isinstance(error, UserError) else "".join(format_exception(error))
    click.echo(redact(told), err=True)
    return True


def _say(asked: Asked, found: Mapping[str, Any], text: str) -> None:
    """One line for what a watch has seen."""
    click.echo(json.dumps(found, ensure_ascii=False) if asked.json else f"{time.strftime('%Y-%m-%d %H:%M:%S')} {text}")


def _change_text(change: Mapping[str, Any], zh: bool) -> str:
    what = change["what"]
    if what == "advice":
        return _advice_text(change["advice"], zh)
    if what == "alarm over":
        return f"警报解除：{change['line']}" if zh else f"the alarm of {change['line']} is over"
    if what == "opened":
        return f"@{change['version']} 又能打开了" if zh else f"@{change['version']} can be opened again"
    if what == "audit":
        broken = change["now"] == "broken"
        return _AUDIT[zh] if broken else ("审计链完整" if zh else "the audit is whole again")
    was, now = (None if change[key] is None else f"@{change[key]}" for key in ("was", "now"))
    if now is None:
        return f"{was} 已下线，没有版本在线" if zh else f"{was} is no longer live, and no other version is"
    before = "" if was is None else (f"（此前 {was}）" if zh else f" (before: {was})")
    return f"{now} 已上线{before}" if zh else f"{now} is live{before}"


def _alarm_text(found: Mapping[str, Any], zh: bool) -> str:
    from zhinan.cli.show import amount

    if found["on"] == "version":
        what = _unopened(found["version"], found["code"], zh)
        return f"警报：{what}" if zh else f"ALARM {what}"
    value, of = amount(found["line"], found["value"]), _of(found, zh)
    if zh:
        return f"警报：{found['line']} 已不再成立：{of}中为 {value}"
    return f"ALARM {found['line']} no longer holds: {value} of {of}"


def _unopened(number: int, code: str, zh: bool) -> str:
    if zh:
        return f"线上版本 @{number} 无法打开（{code}），其条款均未监测；详情：zhinan verify @{number}"
    return f"the live @{number} cannot be opened ({code}), so none of its lines is watched: zhinan verify @{number}"


def _of(found: Mapping[str, Any], zh: bool) -> str:
    """How many counted, and what: `1 person`, `300 requests`."""
    one, several, chinese = _OF[found["on"]]
    return f"{found['n']:,} {chinese if zh else one if found['n'] == 1 else several}"


def _tell(found: Mapping[str, Any], confidence: float, zh: bool) -> None:
    from zhinan.cli import ledger, show
    from zhinan.cli.measuring import measures
    from zhinan.cli.staging import kept_text, unasked_text

    if found["audit"] == "broken":
        click.secho(_AUDIT[zh], fg="red")
    if found["unopened"]:
        click.secho(_unopened(found["live"], found["unopened"], zh), fg="red")
    heads = ("版本", "阶段", "结论") if zh else ("version", "stage", "outcome")
    show.rows(heads, [(f"@{v['version']}", v["stage"], v["outcome"]) for v in found["versions"]])
    if found["verdicts"]:
        show.verdicts(found["verdicts"], confidence, zh)
    if found["unasked"]:
        click.secho(unasked_text(found["unasked"], found["live"], zh), fg="yellow")
    _monitors([] if found["unopened"] else found["monitors"], zh)
    measures(found["measures"], zh)
    _turned(found, zh)
    _traffic(found["traffic"], zh)
    _estimates(found["estimate"], zh)
    _advice(found["advice"], zh)
    ledger.ledger(found["ledger"], zh)
    _forgetting(found["forgetting"], zh)
    names = ("预测", "反馈") if zh else ("predictions", "feedback")
    show.facts(dict(zip(names, (found["predictions"], found["feedback"]), strict=True)))
    if differ := kept_text(found["keeping"], zh):
        click.secho(differ, fg="yellow")
    if found["keep_inputs"] == "none":
        click.echo(
            "未保存输入（serve.keep_inputs: none）：对回答的反馈仅用于监测，不比较输入的分布"
            if zh
            else "inputs are not kept (serve.keep_inputs: none): feedback on answers feeds the monitors only, and"
            " inputs are not compared with dev's"
        )


def _forgetting(found: Sequence[Mapping[str, Any]], zh: bool) -> None:
    """Who asked to be forgotten and is not yet, and in which versions."""
    if not found:
        return
    n, numbers = len(found), sorted({number for one in found for number in one["versions"]})
    where = ", ".join(f"@{number}" for number in numbers)
    if zh:
        said = f"{n} 人待遗忘，涉及版本 {where}" if where else f"{n} 人已被遗忘，凭证尚未写入"
    else:
        people = "1 person" if n == 1 else f"{n:,} people"
        waits, are = ("waits", "is") if n == 1 else ("wait", "are")
        said = f"{people} {waits} to be forgotten in {where}"
        said = said if where else f"{people} {are} forgotten without a receipt"
    click.secho(f"{said}: zhinan forget", fg="yellow")


def _monitors(found: Sequence[Mapping[str, Any]], zh: bool) -> None:
    """What labelled traffic says of each line; nothing before the first label."""
    from zhinan.cli import show

    if found and all(one["why"] for one in found):
        click.echo(f"{'线上未监测' if zh else 'not watched in production'}: {found[0]['why']['zh' if zh else 'en']}")
    if not any(one["n"] for one in found):
        return
    heads = ("线上", "状态", "测得", "依据") if zh else ("in production", "state", "value", "of")
    rows = []
    for one in found:
        if one["why"] is not None and not one["n"]:
            continue
        state = ("警报" if zh else "ALARM") if one["alarm"] else ("无警报" if zh else "no alarm")
        if one["why"] is not None:
            state = "读数" if zh else "reading"
        value = show.amount(one["line"], one["value"]) if one["n"] else "–"
        rows.append((one["line"], state, value, _of(one, zh)))
    show.rows(heads, rows)


def _turned(found: Mapping[str, Any], zh: bool) -> None:
    """Where what use proved of the live version and what it shows of late part ways."""
    proved = {
        one["line"] for one in found["measures"] for version in one["versions"]
        if version["version"] == found["live"] and version["verdict"] == "PROVED"
    }  # fmt: skip
    for one in found["monitors"]:
        if one["alarm"] and one["on"] in ("events", "minutes") and one["line"] in proved:
            click.echo(
                f"{one['line']}：此前已证明；此后的情况不再满足该条款"
                if zh
                else f"{one['line']}: proved earlier; what came since no longer holds it"
            )


def _traffic(found: Mapping[str, Any] | None, zh: bool) -> None:
    """What was asked of the live version in the last days with traffic, in one line."""
    if found is None:
        return
    requests, failed = found["requests"], found["failed"] / found["requests"]
    since, until = (time.strftime("%m-%d %H:%M", time.localtime(at)) for at in found["period"])
    p95 = found["latency"]["p95"]
    slow = "" if p95 is None else f"{'，' if zh else ', '}p95 {p95 * 1000:.3g} ms"
    if zh:
        click.echo(f"流量（{since} 至 {until}）：{requests:,} 个请求，失败 {failed:.2%}{slow}")
        return
    click.echo(f"traffic, {since} to {until}: {requests:,} requests, {failed:.2%} failed{slow}")


def _estimates(found: Sequence[Mapping[str, Any]], zh: bool) -> None:
    """What lines probably come to, and that this is no proof."""
    from zhinan.cli import show

    heads = ("估计（非证明）", "数值", "约在", "依据") if zh else ("estimate, no proof", "value", "about", "by")
    rows = []
    for one in found:
        value, low, high = (show.amount(one["line"], one[key]) for key in ("value", "low", "high"))
        labelled, answers = f"{one['n_labelled']:,}", f"{one['n_traffic']:,}"
        by = f"{answers} 条回答的置信度" if zh else f"confidence of {answers} answers"
        if one["by"] == "audited":
            by = f"{labelled} 条抽检" if zh else f"{labelled} audited"
        elif one["n_labelled"]:
            by += f"，经 {labelled} 条抽检修正" if zh else f", corrected by {labelled} audited"
        rows.append((one["line"], value, f"{low} – {high}", by))
    if rows:
        show.rows(heads, rows)


def _advice(found: Sequence[Mapping[str, Any]], zh: bool) -> None:
    """What there is to say besides alarms, a line each."""
    for one in found:
        click.echo(_advice_text(one, zh))


def _advice_text(one: Mapping[str, Any], zh: bool) -> str:
    return f"提示：{one['text']['zh']}" if zh else f"advice: {one['text']['en']}"
