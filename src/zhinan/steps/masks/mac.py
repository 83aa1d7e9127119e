"""Mask of hardware addresses of network cards (MAC)."""

from __future__ import annotations

from zhinan.core import register
from zhinan.core.rules import rule
from zhinan.steps.masks._spans import Span, around, spans

__all__ = ["mac"]

_TWO = "[0-9A-Fa-f]{2}"
_PATTERN = rule(
    rf"(?:(?<![0-9A-Za-z])(?<![0-9A-Fa-f][:.-])|(?<=[Mm][Aa][Cc])|"
    rf"(?<=[Mm][Aa][Cc]:))(?:{_TWO}(?P<sign>[: ._-]|%3[Aa]){_TWO}(?:(?P=sign){_TWO}){{4}}"
    r"|(?=[0-9:]{0,16}[A-Fa-f])(?:[0-9A-Fa-f]{1,2}:){5}[0-9A-Fa-f]{1,2}|[0-9A-Fa-f]{6}-[0-9A-Fa-f]{6}|"
    r"[0-9A-Fa-f]{4}(?P<group>[.-])[0-9A-Fa-f]{4}(?P=group)[0-9A-Fa-f]{4}|[0-9A-Fa-f]{12})(?![0-9A-Za-z]|"
    r"[:-][0-9A-Fa-f])"
)
_MAC = rule(r"(?i)(?<![a-z])mac(?![a-z])|address|网卡|地址|设备|路由|router|交换机|switch")
_WORDS = rule(
    r"(?i)(?<![a-z])mac(?![a-z])|hardware address|physical address|wi-?fi|ethernet|网卡|设备|交换机|网关|"
    r"路由|switch|router|"
    r"adapter|物理地址|硬件地址|mac地址|bluetooth|bssid|ssid|"
    r"radius|dhcp|\blease|\barp\b|w?lan\b|\baps?\b|access point|allow ?list|white ?list|block ?list|\bvlan\b|\bnic\b|"
    r"hwaddr|\bether\b|\bport \d|wireless|access control|蓝牙|藍牙|打印机|白名单|黑名单|摄像头|机顶盒|终端|网口|"
    r"考勤机|闸机|"
    r"热点|無線|无线|"
    r"\b(?:printer|laptop|phone|tablet|camera|cam|tv|television|set-?top box|console|scanner|kiosk|terminal|sensor|"
    r"thermostat|tracker|doorbell|lock|reader|hub|bridge|repeater|extender|gateway|modem|ont|onu|nas|nvr|pc|desktop|"
    r"workstation|device|projector|speaker|watch|till|pos|dongle|beacon|controller|plug|bulb|sticker|label|"
    r"badge|headset|headphones?|ear(?:buds?|phones?)|keyboard|mouse|firewall|fridge|freezer|oven|dishwasher|washer|dryer|heater|vacuum|robot|drone|meter|wol|wake)s?\b|"
    r"电脑|電腦|笔记本|筆電|台式|手机|手機|平板|投影|电视|電視|盒子|光猫|门锁|門鎖|门禁|門禁|打卡机|录像机|監視器|"
    r"监控|空调|扫地机|音箱|"
    r"主机|主機|服务器|伺服器|传感器|模块|读卡器|扫码枪|收银机|收銀機|機台|贴纸|标签|背面|底部|交換器|分享器|"
    r"资产|資產|设备清单|盘点|\bassets?\b|\binventory\b|印表機|攝影機|烧录|绑定|冰箱|洗衣机|电表|水表|机器人|防火墙"
)
_NO_CARD = rule(
    r"(?i)(?:serial|commit|container|docker|image|digest|revision|tracking|token|key|容器|镜像|提交|order|s/?n|"
    r"hash|checksum|sha\d*|md5|build|uuid|序列号|订单号?|单号)[ :#.=号]{0,3}(?:id|no|number|is|是)?[ :#.=]{0,3}\Z"
)


@register(
    "mask", "mac", zh=("MAC地址", "MAC"), called=("mac_address",), order=48,
    columns=("mac", "mac address", "mac地址"),
    worth=r"[0-9A-Fa-f][: ._-][0-9A-Fa-f]{2}[: ._-]|3[Aa][0-9A-Fa-f]{2}%3|[0-9A-Fa-f]{6}-[0-9A-Fa-f]|"
    r"[0-9A-Fa-f]{4}[.-][0-9A-Fa-f]{4}[.-]|[0-9A-Fa-f]{12}",
    grouped=True,
)  # fmt: skip
def mac(text: str) -> list[Span]:
    """Finds MAC addresses, with colons, hyphens or dots, and twelve bare hex digits that are called one.

    Choose it for device records and support of networks.
    """
    return spans(text, _PATTERN, _is_mac)


def _is_mac(text: str, span: Span) -> bool:
    found = text[slice(*span)]
    if len(set(found.lower()) - set(":-. _")) == 1:  # of no card: none, or all of them
        return False
    letters = any(c.isalpha() for c in found)
    if found.count(":") == 5 and len(found) < 17:
        return around(text, span, _WORDS, 32, 24)
    grouped = len(found) in (13, 14) and "-" in found
    if ":" in found or (letters and not found.isalnum() and " " not in found and not grouped):
        return True
    if _NO_CARD.search(text, max(0, span[0] - 16), span[0]):
        return False
    called = around(text, span, _WORDS, 32, 24)
    if found.isalnum() and letters:
        called = called and any(c.isdigit() for c in found)
    return called and (letters or around(text, span, _MAC, 24, 12))
