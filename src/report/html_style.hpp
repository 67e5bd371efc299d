#pragma once

// The look of the report as a page: that of the local web page (src/page/assets/style.css), without what only it has.

#include <string_view>

namespace fix502 {

constexpr std::string_view kHtmlStyle = R"(<style>
:root{--page:#f5f6f8;--card:#fff;--well:#f0f2f5;--ink:#141920;--soft:#535d6b;--line:#d8dde4;--accent:#0b5cad;--good:#0a6637;--good-tint:#e5f4eb;--bad:#ad1f18;--bad-tint:#fdebe9;--doubt:#714b00;--doubt-tint:#fcf2da;--bar:#8b96a4;--connect:#c8721a;--tls:#b0489b;--first:#2b8a58;--body:#2a76c6}
@media (prefers-color-scheme:dark){:root{--page:#0e1216;--card:#171c22;--well:#1f262e;--ink:#e8ecf1;--soft:#a2adba;--line:#2c343e;--accent:#80baff;--good:#62d092;--good-tint:#11291d;--bad:#ff9489;--bad-tint:#361a1a;--doubt:#ebc062;--doubt-tint:#302611;--bar:#7b8795;--connect:#e6994a;--tls:#d977c4;--first:#55b884;--body:#62a6ee}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:66rem;padding:1.5rem;background:var(--page);color:var(--ink);font:1rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
h1{font-size:1.7rem;line-height:1.25;margin:0 0 .4rem}h2{font-size:1.15rem;margin:0 0 .6rem}h3{font-size:1rem;margin:1rem 0 .3rem}p{margin:.4rem 0}
.soft,caption{color:var(--soft)}.good{color:var(--good)}.bad{color:var(--bad)}.doubt{color:var(--doubt)}
.card{background:var(--card);border:1px solid var(--line);border-radius:.9rem;padding:1.25rem;margin:0 0 1rem}
.verdict.bad{background:var(--bad-tint);border-color:var(--bad)}.verdict.good{background:var(--good-tint);border-color:var(--good)}.verdict.doubt{background:var(--doubt-tint);border-color:var(--doubt)}
.verdict>*{color:var(--ink)}.verdict.bad>h1{color:var(--bad)}.verdict.good>h1{color:var(--good)}.verdict.doubt>h1{color:var(--doubt)}
.lead{font-size:1.1rem}.side{font-weight:700;font-size:1.1rem}
ol.path{list-style:none;display:flex;flex-wrap:wrap;gap:.5rem;padding:0;margin:0}
ol.path li{flex:1 1 7.5rem;border:1px solid var(--line);border-radius:.7rem;background:var(--well);padding:.6rem .7rem}
ol.path li.good{background:var(--good-tint);border-color:var(--good)}ol.path li.bad{background:var(--bad-tint);border:2px solid var(--bad)}
ol.path li>*{display:block;color:var(--ink)}ol.path li>span{font-weight:650}ol.path li.good b{color:var(--good)}ol.path li.bad b{color:var(--bad)}ol.path small{color:var(--soft)}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.93rem}th,td{text-align:left;vertical-align:top;padding:.4rem .6rem;border-bottom:1px solid var(--line)}thead th{color:var(--soft);font-size:.82rem}tbody th{font-weight:600}
th,td{overflow-wrap:break-word}code{overflow-wrap:anywhere}td.when{width:22%}td.time{text-align:right;white-space:nowrap}code{font:.88em/1.5 ui-monospace,monospace}pre{background:var(--well);border-radius:.5rem;padding:.5rem .7rem;margin:.3rem 0;white-space:pre-wrap}
summary{cursor:pointer;font-weight:600}li.remedy{margin-bottom:.8rem}.chip{padding:.05rem .55rem;border-radius:1rem;font-size:.85rem;font-weight:600;background:var(--well);white-space:nowrap}
.chip.good{background:var(--good-tint)}.chip.doubt{background:var(--doubt-tint)}
svg.bar{display:block;width:100%;min-width:9rem;height:1.1rem}.bar rect{fill:var(--bar)}.bar .connect{fill:var(--connect)}.bar .tls{fill:var(--tls)}.bar .first{fill:var(--first)}.bar .body{fill:var(--body)}.bar path{stroke:var(--line)}
@media print{body{max-width:none;background:none}.card{break-inside:avoid-page}}
</style>
)";

}  // namespace fix502
