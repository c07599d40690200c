"""Colours and type, for light and for dark; told apart by lightness, hatching and words as well as by hue.

Calls are shades of one blue; what is missing is orange: no kind of colour blindness takes these two for one another.
"""

from __future__ import annotations

# Shades of calls per hour, the fewest first.
SHADES = 6

_LIGHT = {
    "paper": "#ffffff", "card": "#f3f5f8", "ink": "#1c2128", "faint": "#57606a", "line": "#d0d7de",
    "gap": "#c24e00", "gapback": "#fff1e5", "well": "#0a7d58",
    "s0": "#e3eef9", "s1": "#bdd7ef", "s2": "#8fbae2", "s3": "#62a0d6", "s4": "#2c6fb2", "s5": "#134b88",
    "t0": "#1c2128", "t1": "#1c2128", "t2": "#10243a", "t3": "#08182a", "t4": "#ffffff", "t5": "#ffffff",
    "archived": "#0a8f66", "pending": "#5fb2e6", "failed": "#e0a000", "absent": "#8b949e", "expired": "#c24e00",
}  # fmt: skip
_DARK = {
    "paper": "#0e1318", "card": "#171d24", "ink": "#e6edf3", "faint": "#9aa4af", "line": "#343d47",
    "gap": "#ff9b4a", "gapback": "#3a2211", "well": "#3fc796",
    "s0": "#183049", "s1": "#1c4167", "s2": "#215080", "s3": "#2d6ca6", "s4": "#5f9dd6", "s5": "#a5cdf2",
    "t0": "#c9d6e2", "t1": "#d9e5f0", "t2": "#e6edf3", "t3": "#ffffff", "t4": "#08182a", "t5": "#08182a",
    "archived": "#2fae80", "pending": "#63b6e8", "failed": "#e3ac2b", "absent": "#7d8792", "expired": "#ff9b4a",
}  # fmt: skip


def _variables(colours: dict[str, str]) -> str:
    return "".join(f"--{name}:{value};" for name, value in colours.items())


def _filled(*names: str) -> str:
    return "".join(f".{name}{{fill:var(--{name})}}" for name in names)


COLOURS = (
    f":root{{color-scheme:light dark;{_variables(_LIGHT)}}}"
    f"@media (prefers-color-scheme:dark){{:root{{{_variables(_DARK)}}}}}"
)
FONT = 'system-ui,-apple-system,"Segoe UI","Noto Sans","PingFang SC","Microsoft YaHei",sans-serif'
CHART = (
    f"svg{{font-family:{FONT};font-variant-numeric:tabular-nums}}"
    "text{fill:var(--ink);font-size:12px}"
    ".title{font-size:15px;font-weight:600}.faint{fill:var(--faint)}.small{font-size:11px}"
    ".n{font-size:10.5px;text-anchor:middle}.end{text-anchor:end}.mid{text-anchor:middle}"
    ".none{fill:var(--card)}.dot{fill:var(--faint)}"
    ".gap{fill:url(#hatch);stroke:var(--gap);stroke-width:1.5}.x{fill:var(--gap);font-weight:700;font-size:12px}"
    ".hatchback{fill:var(--gapback)}.hatchline{stroke:var(--gap);stroke-width:1;opacity:.55}"
    ".unfinished{stroke:var(--faint);stroke-dasharray:2 2}"
    + "".join(f".s{shade}{{fill:var(--s{shade})}}.t{shade}{{fill:var(--t{shade})}}" for shade in range(SHADES))
    + _filled("archived", "pending", "failed", "absent", "expired", "paper", "well")
    + ".warn{fill:var(--gap)}"
)
PAGE = (
    f"body{{margin:0;background:var(--paper);color:var(--ink);font:14px/1.5 {FONT};font-variant-numeric:tabular-nums}}"
    "main{max-width:1000px;margin:0 auto;padding:28px 24px 48px}"
    "h1{font-size:24px;margin:0;letter-spacing:-.01em}h2{font-size:17px;margin:36px 0 10px}"
    "p{margin:4px 0}.faint{color:var(--faint)}"
    "svg.chart{display:block;width:100%;height:auto;margin:14px 0 6px}"
    ".tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(200px,1fr));gap:12px;margin:20px 0 8px}"
    ".tile{background:var(--card);border:1px solid var(--line);border-left:5px solid var(--well);border-radius:8px;"
    "padding:10px 14px}.tile.bad{border-left-color:var(--gap)}"
    ".tile b{display:block;font-size:26px;line-height:1.25}.tile.bad b{color:var(--gap)}"
    ".wide{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:13px}"
    "th{text-align:left;color:var(--faint);font-weight:600;border-bottom:1px solid var(--line);padding:5px 14px 5px 0}"
    "td{border-bottom:1px solid var(--line);padding:5px 14px 5px 0;vertical-align:top}"
    "td.id{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:12px;overflow-wrap:anywhere}"
    ".right{text-align:right}td.nowrap{white-space:nowrap}"
    ".state{display:inline-block;width:10px;height:10px;border-radius:2px;margin-right:6px}"
    + "".join(f".state.{name}{{background:var(--{name})}}" for name in ("pending", "failed", "absent", "expired"))
)
