const FLOW_COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#5c5c5c"];
const MOST_LANES = 16;
function flowLanes(item) {
  const month = $("flow-month").value, lanes = (here().flows[now.level][item] || []);
  return lanes.map(([o, d, base, v]) => ({ o, d, before: base, after: month === "mean" ? sum(v) / v.length : v[D.months.indexOf(month)] }));
}
function drawFlows() {
  if (!D.goods.length) { fresh("sankey", el("p", { class: "note" }, "No flow changes.")); return; }
  if (!$("flow-item").options.length) {
    options("flow-item", D.goods.map((i) => [i, itemName(i)]), D.goods.includes(D.focus[0]) ? D.focus[0] : D.goods[0]);
    options("flow-month", [["mean", "mean of all months"], ...D.months.map((m) => [m, monthName(m)])]);
  }
  const item = $("flow-item").value, unit = unitOf(item) + " a month";
  let lanes = flowLanes(item).sort((a, b) => Math.max(b.before, b.after) - Math.max(a.before, a.after));
  const rest = lanes.slice(MOST_LANES);
  lanes = lanes.slice(0, MOST_LANES);
  if (!lanes.length) { fresh("sankey", el("p", { class: "note" }, "No flow of it crosses a border at this level and severity.")); fresh("flow-table"); return; }
  const origins = [...new Set(lanes.map((l) => l.o))], colour = (o) => FLOW_COLOURS[Math.min(origins.indexOf(o), FLOW_COLOURS.length - 1)];
  const total = Math.max(sum(lanes.map((l) => l.before)), sum(lanes.map((l) => l.after)));
  const nodes = Math.max(origins.length, new Set(lanes.map((l) => l.d)).size), high = Math.max(260, nodes * 24 + 140), scale = (high - nodes * 18 - 10) / total;
  fresh("sankey", onePanel(itemName(item) + ", before: undisturbed", lanes, "before", item, unit, colour, scale, high), onePanel("After: " + ($("flow-month").value === "mean" ? "mean of all months" : monthName($("flow-month").value)), lanes, "after", item, unit, colour, scale, high));
  if (rest.length) $("sankey").append(el("p", { class: "note" }, rest.length + " smaller flows stand in the table only."));
  fresh("flow-table", table(["From", "To", "Before (" + unit + ")", "After (" + unit + ")"], [...lanes, ...rest].map((l) => [placeName(l.o), placeName(l.d), digits(l.before, 4), digits(l.after, 4)])));
}
function onePanel(title, lanes, which, item, unit, colour, scale, high) {
  const room = $("sankey").clientWidth, two = room > 700, width = Math.max(300, two ? (room - 24) / 2 : room), pad = Math.min(150, width * .3), x1 = pad, x2 = width - pad;
  const pic = sv("svg", { viewBox: `0 0 ${width} ${high}`, role: "group", "aria-label": title });
  const seat = (end) => {
    let at = 4;
    const found = {};
    for (const name of [...new Set(lanes.map((l) => l[end]))]) {
      const size = sum(lanes.filter((l) => l[end] === name).map((l) => l[which])) * scale;
      found[name] = { at, used: at, size };
      at += Math.max(size, 1) + 18;
    }
    return found;
  };
  const from = seat("o"), to = seat("d"), marks = [];
  for (const l of lanes) {
    const size = l[which] * scale, a = from[l.o], b = to[l.d];
    if (size > 0) {
      const ya = a.used + size / 2, yb = b.used + size / 2, mid = (x1 + x2) / 2;
      const ribbon = sv("path", { d: `M${x1 + 10} ${ya}C${mid} ${ya} ${mid} ${yb} ${x2 - 10} ${yb}`, fill: "none", stroke: colour(l.o), "stroke-width": Math.max(1, size), "stroke-opacity": .62 });
      const change = l.after - l.before, thing = "lane:" + item + "|" + l.o + "|" + l.d;
      marks.push(mark(ribbon, placeName(l.o) + " to " + placeName(l.d), ["before " + digits(l.before) + " " + unit, "after " + digits(l.after) + " " + unit + (l.before ? " (" + (change < 0 ? "" : "+") + Math.round(100 * change / l.before) + " %)" : ""), rowHint(thing) ? "lane " + rowHint(thing) : ""].filter(Boolean), () => openPanel(itemName(item) + ": " + placeName(l.o) + " to " + placeName(l.d), el("p", null, "Before " + digits(l.before, 4) + ", after " + digits(l.after, 4) + " " + unit + "."), rowsOf("Lanes: rows of data", thing), rowsOf("Makers there", "maker:" + item + "|" + l.o), rowsOf("Rules in this scenario", ...((D.graph[item] || { controls: [] }).controls.map((c) => "control:" + c))))));
      pic.append(ribbon);
      a.used += size; b.used += size;
    }
  }
  for (const [side, x, anchor, shift] of [[from, x1, "end", -6], [to, x2 - 10, "start", 16]])
    for (const [name, s] of Object.entries(side)) {
      pic.append(sv("rect", { x, y: s.at, width: 10, height: Math.max(1, s.size), fill: side === from ? colour(name) : "#4a5666" }));
      pic.append(sv("text", { x: x + shift, y: s.at + Math.max(1, s.size) / 2 + 4, "text-anchor": anchor, class: s.size ? "" : "soft" }, clip(placeName(name), pad / 7.3), s.size ? null : sv("title", null, "nothing")));
    }
  rove(pic, [marks]);
  return el("div", null, el("h3", null, title), el("p", { class: "note" }, digits(sum(lanes.map((l) => l[which])), 3) + " " + unit + " in all"), pic);
}
drawers.push(drawFlows);
$("flow-item").addEventListener("change", drawFlows);
$("flow-month").addEventListener("change", drawFlows);
