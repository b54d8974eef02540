function drawMatrix() {
  const rows = here().matrix[now.level];
  $("matrix-note").textContent = rows.length ? "Change of trade over the run, USD at baseline prices: \u2212 (orange) stopped, + (blue) added, net in the cell. Rows send, columns receive." : "No trade between countries changes at this level and severity.";
  if (!rows.length) { fresh("matrix"); return; }
  const weight = {};
  for (const [o, d, less, more] of rows) for (const p of [o, d]) weight[p] = (weight[p] || 0) + less + more;
  const ids = Object.keys(weight).sort((a, b) => weight[b] - weight[a] || (a < b ? -1 : 1)).slice(0, 14);
  const of = Object.fromEntries(rows.map((r) => [r[0] + "|" + r[1], r]));
  const senders = ids.filter((o) => ids.some((d) => of[o + "|" + d])), takers = ids.filter((d) => ids.some((o) => of[o + "|" + d]));
  const top = Math.max(...rows.map((r) => Math.abs(r[3] - r[2]))), cells = [];
  const body = senders.map((o) => {
    const line = [];
    const tr = el("tr", null, el("th", { scope: "row" }, placeName(o)), takers.map((d) => {
      const [, , less, more] = of[o + "|" + d] || [o, d, 0, 0], net = more - less;
      const td = el("td", null, o === d ? "" : net ? (net < 0 ? "\u2212" : "+") + short(Math.abs(net)) : "");
      mark(td, placeName(o) + " to " + placeName(d), ["stopped " + usd(less), "added " + usd(more)], () => openPanel(placeName(o) + " to " + placeName(d), el("p", null, "Trade stopped " + usd(less) + ", added " + usd(more) + " over the run, at baseline prices."), flowsBetween(o, d)));
      line.push(td);
      return paint(td, Math.abs(net) / top, net < 0 ? "orange" : "blue");
    }));
    cells.push(line);
    return tr;
  });
  const grid = el("table", { class: "cells" }, el("thead", null, el("tr", null, el("th", { scope: "col" }, "From \\ to"), takers.map((d) => el("th", { scope: "col" }, el("abbr", { title: placeName(d) }, d))))), el("tbody", null, body));
  fresh("matrix", grid);
  rove(grid, cells);
}
function flowsBetween(o, d) {
  const lines = [];
  for (const [item, lanes] of Object.entries(here().flows[now.level]))
    for (const [a, b, base, v] of lanes)
      if (a === o && b === d) lines.push([itemName(item), digits(base), digits(sum(v) / v.length), unitOf(item) + " a month"]);
  return lines.length ? el("div", { class: "scroll" }, table(["Item", "Before", "After (mean)", "Unit"], lines)) : el("p", null, "Its goods are not among those whose flows this page holds.");
}
drawers.push(drawMatrix);
