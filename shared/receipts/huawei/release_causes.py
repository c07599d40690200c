"""Why a call ended: the platform's own codes, and Q.850's, in words and as an outcome.

Sources: Huawei Cloud PrivateNumber, hang-up reasons (`stateCode` of `disconnect`), release points (`ulFailReason` of
the call record: the same numbers) and Q.850 causes (`fwdUnaswRsn`). The lists are not complete: a code that is not
here is kept as a number, without words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from receipts.vendor.causes import BLOCKED, BUSY, FAILED, NO_ANSWER, REJECTED, UNBOUND, UNREACHABLE, Cause

if TYPE_CHECKING:
    from receipts.domain.call import Party

# Zero says that nothing went wrong.
NORMAL = 0

PLATFORM: dict[int, Cause] = {
    522: Cause(FAILED, "端口用尽", "no port left"),
    7001: Cause(BLOCKED, "开发者呼叫频次受限", "call rate of the developer"),
    7002: Cause(BLOCKED, "应用呼叫频次受限", "call rate of the application"),
    7003: Cause(BLOCKED, "显示号码呼叫频次受限", "call rate of the display number"),
    7004: Cause(BLOCKED, "被叫黑名单", "callee on the blacklist"),
    7005: Cause(BLOCKED, "主叫黑名单", "caller on the blacklist"),
    7100: Cause(FAILED, "应用不存在", "no such application"),
    7101: Cause(FAILED, "应用无号码", "the application has no number"),
    7102: Cause(FAILED, "平台内部错误", "platform error"),
    7105: Cause(FAILED, "业务类型不匹配", "service type does not match"),
    7106: Cause(FAILED, "无此能力", "capability missing"),
    7107: Cause(FAILED, "控制音播放失败", "control tone failed"),
    7108: Cause(BLOCKED, "应用或租户被冻结", "tenant frozen"),
    7109: Cause(FAILED, "租户端口用尽", "no port left for the tenant"),
    7500: Cause(BLOCKED, "号码前缀受限", "number prefix barred"),
    7501: Cause(NO_ANSWER, "振铃前主叫挂机", "caller hung up before ringing"),
    7502: Cause(NO_ANSWER, "振铃时主叫挂机", "caller hung up while ringing"),
    7503: Cause(REJECTED, "被叫拒接", "rejected by the callee"),
    7504: Cause(REJECTED, "被叫拒绝（免打扰、黑名单或拦截）", "refused by the callee's phone"),
    7507: Cause(FAILED, "放音文件不存在", "no tone file"),
    7516: Cause(NO_ANSWER, "转接前主叫挂机", "caller hung up before the transfer"),
    8005: Cause(FAILED, "语音合成失败", "speech synthesis failed"),
    8006: Cause(FAILED, "放音文件不存在", "tone file missing"),
    8007: Cause(FAILED, "放音失败", "tone failed"),
    8008: Cause(FAILED, "放音收号失败", "collecting digits failed"),
    8009: Cause(NO_ANSWER, "接通前主叫挂机", "caller hung up before the answer"),
    8010: Cause(FAILED, "达到最大通话时长", "maximum duration reached"),
    8011: Cause(FAILED, "平台内部错误", "platform error"),
    8012: Cause(FAILED, "应用标识无效", "invalid app key"),
    8013: Cause(UNBOUND, "AX已绑定，未设置临时被叫", "bound, but no callee was set"),
    8014: Cause(UNBOUND, "无绑定关系或号码格式错误", "no binding, or a wrong number"),
    8015: Cause(FAILED, "录音失败", "recording failed"),
    8016: Cause(BLOCKED, "呼叫方向受限", "direction not allowed"),
    8017: Cause(BLOCKED, "客户指示挂机", "closed as the customer asked"),
    8018: Cause(BLOCKED, "无呼叫权限", "no permission to call"),
    8019: Cause(UNBOUND, "无回呼记录", "nobody to call back"),
    8020: Cause(FAILED, "业务异常", "business error"),
    8022: Cause(UNBOUND, "绑定关系不存在或已过期", "binding missing or expired"),
    8023: Cause(BLOCKED, "不允许固话呼入", "landline callers not allowed"),
    8024: Cause(BLOCKED, "不允许显示真实号码", "showing the real caller not allowed"),
    8025: Cause(FAILED, "隐私号码不存在", "no such privacy number"),
    8030: Cause(UNBOUND, "无AXYB绑定关系", "no AXYB binding"),
    8031: Cause(FAILED, "Y号码分配失败", "number Y could not be assigned"),
    8032: Cause(FAILED, "用户呼叫自己", "the caller dialled himself"),
    8033: Cause(FAILED, "分机号为空", "empty extension"),
    8035: Cause(NO_ANSWER, "接续超时", "not connected in time"),
    8040: Cause(FAILED, "平台内部错误", "platform error"),
    8041: Cause(FAILED, "录音失败", "recording failed"),
    8042: Cause(BLOCKED, "国际来电受限", "international calls in barred"),
    8043: Cause(BLOCKED, "国际去电受限", "international calls out barred"),
    8044: Cause(BLOCKED, "通话时长管控", "barred: duration pattern"),
    8046: Cause(BLOCKED, "接通率管控", "barred: answer rate"),
    8047: Cause(BLOCKED, "主叫频次管控", "barred: rate of the caller"),
    8048: Cause(BLOCKED, "被叫频次管控", "barred: rate of the callee"),
    8049: Cause(BLOCKED, "业务号码频次管控", "barred: rate of the privacy number"),
    8050: Cause(BLOCKED, "呼叫时段管控", "barred: time of day"),
    8051: Cause(BLOCKED, "子企业已暂停", "sub-enterprise suspended"),
    8055: Cause(BLOCKED, "隐私号码不可用", "privacy number out of service"),
    8056: Cause(BLOCKED, "拨测管控", "barred: test calls"),
    8057: Cause(BLOCKED, "呼叫方向管控", "barred: direction"),
    8100: Cause(UNREACHABLE, "被叫空号", "vacant number"),
    8101: Cause(NO_ANSWER, "被叫无应答", "no answer"),
    8102: Cause(BUSY, "被叫忙", "callee busy"),
    8103: Cause(UNREACHABLE, "被叫信号异常", "callee without signal"),
    8104: Cause(UNREACHABLE, "被叫关机", "callee switched off"),
    8105: Cause(UNREACHABLE, "被叫停机", "callee out of service"),
}
Q850: dict[int, Cause] = {
    1: Cause(UNREACHABLE, "空号", "vacant number"),
    2: Cause(UNREACHABLE, "无法路由到网络", "no route to network"),
    3: Cause(UNREACHABLE, "无法路由到目的地", "no route to destination"),
    16: Cause(NO_ANSWER, "正常挂机", "normal clearing"),
    17: Cause(BUSY, "用户忙", "user busy"),
    18: Cause(NO_ANSWER, "用户无响应", "no user responding"),
    19: Cause(NO_ANSWER, "用户无应答", "no answer"),
    20: Cause(UNREACHABLE, "用户不可及", "user unreachable"),
    21: Cause(REJECTED, "呼叫被拒绝", "call rejected"),
    22: Cause(UNREACHABLE, "号码已变更", "number changed"),
    27: Cause(UNREACHABLE, "目的地故障", "destination out of order"),
    28: Cause(FAILED, "号码无效或不完整", "invalid or incomplete number"),
    31: Cause(NO_ANSWER, "正常，未指定", "normal, unspecified"),
    34: Cause(FAILED, "无可用电路", "no circuit"),
    38: Cause(FAILED, "网络故障", "network out of order"),
    41: Cause(FAILED, "临时故障", "temporary failure"),
    42: Cause(FAILED, "交换设备拥塞", "switch congestion"),
    47: Cause(FAILED, "资源不可用", "resource unavailable"),
    102: Cause(NO_ANSWER, "定时器超时", "timer expired"),
    111: Cause(FAILED, "协议错误", "protocol error"),
    127: Cause(FAILED, "互通错误", "interworking error"),
}
# Codes that tell by themselves who ended the call.
RELEASED_BY: dict[int, Party] = {
    7501: "caller",
    7502: "caller",
    7516: "caller",
    8009: "caller",
    7503: "callee",
    7504: "callee",
    8010: "platform",
    8017: "platform",
    8035: "platform",
}
