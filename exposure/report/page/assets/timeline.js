const LEVEL_COLOUR = { contracts: "#b34700", voluntary: "#0072b2", planner: "#4a5666" };
const LEVEL_DASH = { contracts: "7 4", voluntary: "", planner: "2 3" };

function dayPlace(date, x0, step) {
  const first = D.months[0];
  const months = (Number(date.slice(0, 4)) - Number(first.slice(0, 4))) * 12 + Number(date.slice(5, 7)) - Number(first.slice(5, 7));
  return x0 + (months + (Number(date.slice(8, 10)) - 1) / 31) * step;
}
function drawTimeline() {
  const box = $("timeline"), width = Math.max(320, box.clientWidth), narrow = width < 600;
  const left = narrow ? 50 : 64, high = 210, step = (width - left - 8) / D.months.length;
  const totals = Object.fromEntries(D.levels.map((l) => [l, D.months.map((_, t) => sum(here().loss[l].map((row) => row[2][t])))]));
  const top = Math.max(1, ...($("own-scale").checked ? totals[now.level] : Object.values(totals).flat()));
  const y = (v) => 12 + (high - 12) * (1 - v / top);
  const bottom = high + 34 + D.controls.length * 40 + 4;
  const pic = sv("svg", { viewBox: `0 0 ${width} ${bottom}`, role: "group", "aria-label": "Output lost by month and controls in force" });
  for (const v of ticks(top)) pic.append(sv("line", { class: "grid", x1: left, x2: width - 8, y1: y(v), y2: y(v) }), sv("text", { x: left - 8, y: y(v) + 4, "text-anchor": "end", class: "soft" }, short(v)));
  const every = Math.ceil((narrow ? 38 : 34) / step);
  D.months.forEach((m, t) => {
    if (t % every) return;
    const text = MONTHS[Number(m.slice(5)) - 1];
    pic.append(sv("text", { x: left + (t + .5) * step, y: high + 17, "text-anchor": "middle", class: "soft" }, text));
    if (t === 0 || m.endsWith("-01")) pic.append(sv("text", { x: left + (t + .5) * step, y: high + 31, "text-anchor": "middle" }, m.slice(0, 4)));
  });
  totals[now.level].forEach((v, t) => pic.append(sv("rect", { x: left + t * step + 2, width: Math.max(1, step - 4), y: y(v), height: high - y(v), fill: LEVEL_COLOUR[now.level], opacity: .28 })));
  for (const l of D.levels) if (!$("own-scale").checked || l === now.level) pic.append(sv("polyline", { points: totals[l].map((v, t) => left + (t + .5) * step + "," + y(v)).join(" "), fill: "none", stroke: LEVEL_COLOUR[l], "stroke-width": l === now.level ? 3 : 1.8, "stroke-dasharray": LEVEL_DASH[l] || null }));
  const bands = D.months.map((m, t) => {
    const band = sv("rect", { x: left + t * step, y: 8, width: step, height: high - 8, fill: "transparent" });
    const worst = here().loss[now.level].filter((row) => row[2][t] > 0).sort((a, b) => b[2][t] - a[2][t]).slice(0, 3);
    mark(band, monthName(m), [...D.levels.map((l) => l + ": " + usd(totals[l][t]) + " lost"), ...worst.map((r) => itemName(r[0]) + ", " + placeName(r[1]) + ": " + usd(r[2][t]))],
      () => openPanel(monthName(m) + ", " + now.level, worst.length ? worst.flatMap((r) => lossBody(r, t, now.level)) : el("p", null, "No output is lost.")));
    return band;
  });
  pic.append(...bands);
  D.controls.forEach((c, k) => {
    const line = high + 42 + k * 40, at = (d) => dayPlace(d, left, step), inside = (x) => x >= left - 1 && x <= width - 7;
    const group = sv("g", null, sv("rect", { x: 0, y: line - 2, width: width, height: 38, fill: "transparent" }), sv("text", { x: left, y: line + 10 }, clip(c.id + "  " + c.title, (width - left) / 7.2)));
    group.append(sv("line", { class: "grid", x1: left, x2: width - 8, y1: line + 21, y2: line + 21 }));
    c.held.forEach((on, t) => { if (on) group.append(sv("rect", { x: left + t * step, y: line + 17, width: step + .3, height: 8, fill: "#1f4e79" })); });
    const a = at(c.announced), e = at(c.effective);
    if (inside(a)) group.append(sv("path", { d: `M${a} ${line + 14}l6 7l-6 7l-6 -7z`, fill: "#fff", stroke: "#b34700", "stroke-width": 2 }));
    if (inside(e)) group.append(sv("path", { d: `M${e} ${line + 24}l6 10h-12z`, fill: "#b34700", stroke: "#fff" }));
    mark(group, c.id + ": " + c.title, ["announced " + c.announced + ", effective " + c.effective + (c.ends ? ", ends " + c.ends : ""), c.imposer ? "imposed by " + c.imposer : "", "status " + c.status.replace("_", " ")].filter(Boolean), () => openControl(c));
    pic.append(group);
  });
  fresh("timeline", el("ul", { class: "legend" }, D.levels.map((l) => {
    const key = sv("svg", { width: 30, height: 10, "aria-hidden": "true", style: "display:inline-block;width:30px;margin-right:6px" }, sv("line", { x1: 0, x2: 30, y1: 5, y2: 5, stroke: LEVEL_COLOUR[l], "stroke-width": l === now.level ? 3.5 : 2, "stroke-dasharray": LEVEL_DASH[l] || null }));
    return el("li", null, key, l + ", USD lost a month");
  })), pic);
  rove(pic, [bands]);
  pic.querySelectorAll("g.mark").forEach((g) => g.setAttribute("tabindex", "0"));
}
const clip = (text, most) => (text.length > most ? text.slice(0, Math.max(1, Math.floor(most) - 1)) + "\u2026" : text);
function openControl(c) {
  openPanel(c.id, el("p", null, c.title), el("p", null, c.instrument), el("p", null, "Announced " + c.announced + ", effective " + c.effective + (c.ends ? ", ends " + c.ends : "") + ", " + c.status.replace("_", " ") + "."), rowsOf("Its rules, with ranges and sources", "control:" + c.id));
}
drawers.push(drawTimeline);
$("own-scale").addEventListener("change", drawTimeline);
