"""Why a call was released: the vendor's `release_cause`, in words and as an outcome.

Codes follow ITU-T Q.850 with the vendor's own readings. Source: Alibaba Cloud PLS, call record cause codes (codes
1 to 39), its 2019 SecretReport page and the carrier-side API for the rest. The list is not complete: a code that
is not here is kept as a number, without words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from receipts.domain.call import Outcome

BUSY: Outcome = "busy"
NO_ANSWER: Outcome = "no_answer"
REJECTED: Outcome = "rejected"
UNREACHABLE: Outcome = "unreachable"
FAILED: Outcome = "failed"


class Cause(NamedTuple):
    """One code: the outcome of a call that nobody answered, and its words."""

    outcome: Outcome
    chinese: str
    english: str

    @property
    def words(self) -> str:
        """Both languages, as the column `release_text` holds them."""
        return f"{self.english} ({self.chinese})"


CAUSES: dict[int, Cause] = {
    1: Cause(UNREACHABLE, "空号", "vacant number"),
    2: Cause(UNREACHABLE, "无法路由到网络", "no route to network"),
    3: Cause(UNREACHABLE, "无法路由到目的地", "no route to destination"),
    4: Cause(UNREACHABLE, "播放特殊提示音（停机、忙等）", "special tone: suspended or busy"),
    5: Cause(FAILED, "中继前缀错误", "wrong trunk prefix"),
    6: Cause(FAILED, "信道不可接受", "channel unacceptable"),
    7: Cause(REJECTED, "被叫拒接", "refused by the callee"),
    8: Cause(BUSY, "被叫忙（被抢占）", "callee busy, pre-empted"),
    9: Cause(BUSY, "被叫忙（被抢占）", "callee busy, pre-empted"),
    16: Cause(NO_ANSWER, "正常挂机", "normal clearing"),
    17: Cause(BUSY, "被叫忙", "callee busy"),
    18: Cause(NO_ANSWER, "振铃超时无应答", "no answer, ringing timed out"),
    19: Cause(NO_ANSWER, "振铃超时无应答", "no answer, ringing timed out"),
    20: Cause(UNREACHABLE, "被叫不可及", "callee unreachable"),
    21: Cause(REJECTED, "呼叫被拒绝或网络未接通", "rejected, or not put through by the network"),
    22: Cause(UNREACHABLE, "号码已变更", "number changed"),
    23: Cause(FAILED, "呼叫被重定向", "redirected"),
    24: Cause(UNREACHABLE, "暂时无法接通", "temporarily unreachable"),
    25: Cause(FAILED, "交换路由错误", "exchange routing error"),
    26: Cause(REJECTED, "被叫设置呼入限制", "callee blocks calls"),
    27: Cause(UNREACHABLE, "目的地故障", "destination out of order"),
    28: Cause(FAILED, "号码无效或不完整", "invalid or incomplete number"),
    29: Cause(FAILED, "补充业务被拒绝", "supplementary service refused"),
    30: Cause(FAILED, "状态查询失败", "status enquiry failed"),
    31: Cause(NO_ANSWER, "正常，未指定", "normal, unspecified"),
    32: Cause(UNREACHABLE, "暂时无法接通", "temporarily unreachable"),
    33: Cause(REJECTED, "被叫挂机", "callee hung up"),
    34: Cause(FAILED, "无可用电路", "no circuit"),
    35: Cause(REJECTED, "被叫挂机", "callee hung up"),
    37: Cause(REJECTED, "被叫挂机", "callee hung up"),
    38: Cause(FAILED, "网络故障", "network out of order"),
    39: Cause(FAILED, "帧模式连接故障", "frame-mode connection"),
    41: Cause(FAILED, "临时故障", "temporary failure"),
    42: Cause(FAILED, "交换设备拥塞", "switch congestion"),
    43: Cause(FAILED, "接入信息被丢弃", "access information discarded"),
    44: Cause(FAILED, "请求的电路不可用", "circuit unavailable"),
    47: Cause(FAILED, "资源不可用", "resource unavailable"),
    49: Cause(FAILED, "服务质量不可用", "quality of service unavailable"),
    50: Cause(FAILED, "未订购该业务", "facility not subscribed"),
    53: Cause(REJECTED, "闭合用户群限制呼出", "outgoing calls barred in closed group"),
    55: Cause(REJECTED, "闭合用户群限制呼入", "incoming calls barred in closed group"),
    57: Cause(FAILED, "承载能力未授权", "bearer not authorised"),
    58: Cause(FAILED, "承载能力暂不可用", "bearer unavailable now"),
    63: Cause(FAILED, "业务不可用", "service unavailable"),
    65: Cause(FAILED, "承载能力未实现", "bearer not implemented"),
    68: Cause(FAILED, "计费次数已达上限", "charge limit reached"),
    69: Cause(FAILED, "业务未实现", "facility not implemented"),
    70: Cause(FAILED, "仅支持受限数字承载", "restricted digital bearer only"),
    79: Cause(FAILED, "业务未实现", "service not implemented"),
    81: Cause(FAILED, "呼叫参考无效", "invalid call reference"),
    87: Cause(REJECTED, "非闭合用户群成员", "not a member of the closed group"),
    88: Cause(FAILED, "目的地不兼容", "incompatible destination"),
    90: Cause(FAILED, "闭合用户群不存在", "closed group missing"),
    91: Cause(FAILED, "转接网络无效", "invalid transit network"),
    95: Cause(FAILED, "消息无效", "invalid message"),
    96: Cause(FAILED, "缺少必选信元", "mandatory element missing"),
    97: Cause(FAILED, "消息类型未知", "message type unknown"),
    98: Cause(FAILED, "消息与呼叫状态不符", "message does not fit the call state"),
    99: Cause(FAILED, "参数未知", "parameter unknown"),
    100: Cause(FAILED, "信元内容无效", "invalid element"),
    101: Cause(FAILED, "消息与呼叫状态不符", "message does not fit the call state"),
    102: Cause(NO_ANSWER, "定时器超时", "timer expired"),
    103: Cause(FAILED, "参数未知，已透传", "parameter unknown, passed on"),
    110: Cause(FAILED, "参数无法识别，已丢弃", "parameter not recognised, discarded"),
    111: Cause(FAILED, "协议错误", "protocol error"),
    127: Cause(FAILED, "互通错误", "interworking error"),
}
