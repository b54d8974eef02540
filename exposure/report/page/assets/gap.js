const TERMS = [
  ["other_origins", "Other origins", "#0072b2"], ["own_makers", "Own makers", "#56b4e9"], ["from_stock", "From stock", "#009e73"],
  ["replaced", "Another recipe", "#cc79a7"], ["users_stopped", "Users that stopped", "#e69f00"], ["unmet", "Unmet demand", "#d55e00"],
  ["passed_on", "Less passed on", "#999999"], ["thrown_away", "Less thrown away", "#5c5c5c"],
];
const MINUS = new Set(["passed_on", "thrown_away"]);
const gapKeys = () => Object.keys(here().gap[now.level]);
function gapChoices() {
  const items = [...new Set(D.pairs.map((p) => p[0]))], kept = $("gap-item").value;
  options("gap-item", items.map((i) => [i, itemName(i)]), items.includes(kept) ? kept : items.includes(D.focus[0]) ? D.focus[0] : items[0]);
  const places = D.pairs.filter((p) => p[0] === $("gap-item").value).map((p) => p[1]), place = $("gap-place").value;
  options("gap-place", places.map((p) => [p, placeName(p)]), places.includes(place) ? place : places.includes(D.focus[1]) ? D.focus[1] : places[0]);
}
function drawGap() {
  if (!D.pairs.length) { fresh("gap", el("p", { class: "note" }, "Nothing was cut.")); return; }
  gapChoices();
  const item = $("gap-item").value, place = $("gap-place").value, unit = unitOf(item) + " a month";
  const data = here().gap[now.level][item + "|" + place];
  if (!data) { fresh("gap", el("p", { class: "note" }, "At this level and severity nothing of it was cut there.")); fresh("gap-table"); return; }
  const zero = D.months.map(() => 0), cut = data.cut || zero;
  const used = TERMS.filter(([k]) => data[k]).map(([k, name, colour]) => ({ k, name, colour, v: data[k].map((x) => (MINUS.has(k) ? -x : x)) }));
  const up = D.months.map((_, t) => sum(used.map((u) => Math.max(0, u.v[t])))), down = D.months.map((_, t) => sum(used.map((u) => Math.min(0, u.v[t]))));
  const top = Math.max(1e-12, ...up, ...cut), low = Math.min(0, ...down), width = Math.max(320, $("gap").clientWidth), left = width < 600 ? 54 : 70, high = 270;
  const step = (width - left - 8) / D.months.length, y = (v) => 12 + (high - 12) * (top - v) / (top - low);
  const pic = sv("svg", { viewBox: `0 0 ${width} ${high + 36}`, role: "group", "aria-label": "Gap in " + itemName(item) + " in " + placeName(place) });
  for (const v of [...ticks(top), ...ticks(top).slice(1).map((k) => -k).filter((k) => k >= low * 1.02)]) pic.append(sv("line", { class: "grid", x1: left, x2: width - 8, y1: y(v), y2: y(v) }), sv("text", { x: left - 8, y: y(v) + 4, "text-anchor": "end", class: "soft" }, digits(v, 2)));
  // Months are steps, not points: what is drawn at a month is that month's amount.
  const corner = (t) => [left + t * step, left + (t + 1) * step];
  for (const side of [1, -1]) {
    let base = zero.slice();
    for (const u of used) {
      const tops = base.map((b, t) => b + (side > 0 ? Math.max(0, u.v[t]) : Math.min(0, u.v[t])));
      if (tops.some((v, t) => v !== base[t])) {
        const over = tops.flatMap((v, t) => corner(t).map((x) => x + " " + y(v))), under = base.flatMap((v, t) => corner(t).map((x) => x + " " + y(v))).reverse();
        pic.append(sv("path", { d: "M" + over.join("L") + "L" + under.join("L") + "Z", fill: u.colour, stroke: "#fff", "stroke-width": .7 }));
      }
      base = tops;
    }
  }
  pic.append(sv("line", { x1: left, x2: width - 8, y1: y(0), y2: y(0), stroke: "#1f2a37" }));
  pic.append(sv("path", { d: "M" + cut.flatMap((v, t) => corner(t).map((x) => x + " " + y(v))).join("L"), fill: "none", stroke: "#1f2a37", "stroke-width": 2.2 }));
  const every = Math.ceil(36 / step);
  const bands = D.months.map((m, t) => {
    if (t % every === 0) pic.append(sv("text", { x: left + (t + .5) * step, y: high + 17, "text-anchor": "middle", class: "soft" }, MONTHS[Number(m.slice(5)) - 1]));
    if (t === 0 || m.endsWith("-01")) pic.append(sv("text", { x: left + (t + .5) * step, y: high + 32, "text-anchor": "middle" }, m.slice(0, 4)));
    const lines = ["cut: " + digits(cut[t]) + " " + unit, ...used.filter((u) => u.v[t]).map((u) => u.name.toLowerCase() + ": " + digits(u.v[t]) + " " + unit)];
    return mark(sv("rect", { x: left + t * step, y: 8, width: step, height: high - 8, fill: "transparent" }), itemName(item) + ", " + placeName(place) + ", " + monthName(m), lines, () => openPanel(itemName(item) + ", " + placeName(place) + ", " + monthName(m), lines.map((l) => el("p", null, l)), rowsOf("Stocks held", "stock:" + item + "|" + place), rowsOf("Makers there", "maker:" + item + "|" + place), rowsOf("Usual suppliers", ...(D.graph[item] ? D.graph[item].sellers.filter((s) => s[1] === place).map((s) => "lane:" + item + "|" + s[0] + "|" + s[1]) : []))));
  });
  pic.append(...bands);
  fresh("gap", el("p", { class: "note" }, itemName(item) + " in " + placeName(place) + ", " + unit + ", level \u201c" + now.level + "\u201d"), el("ul", { class: "legend" }, used.map((u) => el("li", null, el("i", { style: "background:" + u.colour }), u.name)), el("li", null, el("i", { style: "background:#1f2a37;height:3px;vertical-align:4px" }), "Cut")), pic);
  rove(pic, [bands]);
  fresh("gap-table", table(["Month", "Cut", ...used.map((u) => u.name)], D.months.map((m, t) => [m, digits(cut[t], 4), ...used.map((u) => digits(u.v[t], 4))])));
}
drawers.push(drawGap);
$("gap-item").addEventListener("change", drawGap);
$("gap-place").addEventListener("change", drawGap);
