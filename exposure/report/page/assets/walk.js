let path = [];
const MOST_STEPS = 9;
function shortIn(item) {
  const lost = here().loss[now.level].filter((row) => row[0] === item);
  if (lost.length) return "lost: " + usd(sum(lost.flatMap((row) => row[2])));
  const keys = gapKeys().filter((key) => key.startsWith(item + "|") && (here().gap[now.level][key].users_stopped || here().gap[now.level][key].unmet));
  return keys.length ? "short in " + keys.map((key) => placeName(key.slice(item.length + 1))).slice(0, 3).join(", ") : "";
}
function stepButton(item, least, most, text) {
  const button = el("button", { type: "button", "data-item": item }, itemName(item), el("small", null, range(least, most, text)));
  const held = D.graph[item].controls, lack = shortIn(item);
  if (held.length) button.append(el("small", { class: "flag" }, "\u25b2 under control"));
  if (lack) button.append(el("small", { class: "flag" }, "\u25bc " + lack));
  button.addEventListener("click", () => walkTo(item, true));
  return el("li", null, button);
}
function listOf(title, rows, text) {
  const shown = rows.slice(0, MOST_STEPS).map((row) => stepButton(row[0], row[1], row[2], text(row[0])));
  const more = rows.slice(MOST_STEPS);
  const box = el("div", null, el("h3", null, title + " (" + rows.length + ")"), rows.length ? el("ul", null, shown) : el("p", { class: "note" }, "none"));
  if (more.length) box.append(el("details", null, el("summary", null, more.length + " more"), el("ul", null, more.map((row) => stepButton(row[0], row[1], row[2], text(row[0]))))));
  return box;
}
function walkTo(item, focus) {
  const at = path.indexOf(item);
  path = at >= 0 ? path.slice(0, at + 1) : [...path, item].slice(-8);
  drawWalk();
  if (focus) $("walk").querySelector(".here h3").focus();
}
function drawWalk() {
  const ids = Object.keys(D.graph);
  if (!ids.length) { fresh("walk", el("p", { class: "note" }, "No chain to show.")); return; }
  if (!$("walk-item").options.length) {
    options("walk-item", ids.map((i) => [i, itemName(i)]).sort((a, b) => a[1].localeCompare(b[1], "en")));
    const hit = here().loss[now.level][0];
    path = [[hit && hit[0], D.focus[0], ids[0]].find((i) => D.graph[i])];
  }
  const item = path[path.length - 1], node = D.graph[item], unit = unitOf(item), made = sum(node.makers.map((m) => m[1]));
  $("walk-item").value = item;
  const crumbs = path.flatMap((p, k) => {
    const button = el("button", { type: "button", "aria-current": k === path.length - 1 ? "step" : null }, itemName(p));
    button.addEventListener("click", () => walkTo(p, true));
    return k ? [el("span", { "aria-hidden": "true" }, "\u2192"), button] : [button];
  });
  fresh("walk-path", crumbs);
  const makers = el("table", { class: "makers" }, el("thead", null, el("tr", null, el("th", { scope: "col" }, "Made in"), el("th", { scope: "col" }, "Share"), el("th", { scope: "col" }, el("span", { class: "hidden" }, "Bar")))), el("tbody", null, node.makers.slice(0, 8).map(([place, amount]) => {
    const bar = el("i", { style: `width:${Math.max(1, 100 * amount / made)}%` });
    return mark(el("tr", { role: "row" }, el("th", { scope: "row" }, placeName(place)), el("td", null, Math.round(100 * amount / made) + " %"), el("td", null, bar)), itemName(item) + ", " + placeName(place), [digits(amount) + " " + unit + " a year", rowHint("maker:" + item + "|" + place)].filter(Boolean), () => openPanel(itemName(item) + " made in " + placeName(place), el("p", null, digits(amount, 4) + " " + unit + " a year in the undisturbed world."), rowsOf("Recipes: rows of data", "maker:" + item + "|" + place), rowsOf("Stocks held", "stock:" + item + "|" + place), rowsOf("The item", "item:" + item)));
  })));
  const sellers = node.sellers.slice(0, 25).map((s) => [placeName(s[0]) + " to " + placeName(s[1]), digits(s[2])]);
  const box = el("div", { class: "here" }, el("h3", { tabindex: "-1" }, itemName(item)), el("p", { class: "note" }, (made ? digits(made) + " " + unit + " a year made" : "not made here") + (D.items[item] ? ", " + D.items[item][2] : "")),
    node.controls.length ? el("p", { class: "flag" }, "\u25b2 under control: ", node.controls.join(", ")) : null, shortIn(item) ? el("p", { class: "flag" }, "\u25bc " + shortIn(item)) : null, node.makers.length ? makers : null,
    sellers.length ? el("details", null, el("summary", null, "Suppliers and their buyers (" + node.sellers.length + ")"), el("div", { class: "scroll", tabindex: "0" }, table(["From and to", unit + " a year"], sellers))) : null);
  fresh("walk", sv("svg", { "aria-hidden": "true" }), listOf("Made from", node.inputs, (i) => unitOf(i) + " per " + unit), box, listOf("Goes into", node.users, (i) => unit + " per " + unitOf(i)));
  joinUp();
}
function joinUp() {
  const lines = $("walk").querySelector("svg"), frame = $("walk").getBoundingClientRect(), centre = $("walk").querySelector(".here");
  if (!lines || !centre) return;
  lines.replaceChildren();
  const c = centre.getBoundingClientRect();
  $("walk").querySelectorAll(":scope > div > ul > li > button").forEach((button) => {
    const b = button.getBoundingClientRect(), input = b.right < c.left + 5, y1 = b.top + b.height / 2 - frame.top, y2 = c.top + c.height / 2 - frame.top;
    const xa = (input ? b.right : c.right) - frame.left, xb = (input ? c.left : b.left) - frame.left, ya = input ? y1 : y2, yb = input ? y2 : y1, mid = (xa + xb) / 2;
    lines.append(sv("path", { d: `M${xa} ${ya}C${mid} ${ya} ${mid} ${yb} ${xb} ${yb}`, fill: "none", stroke: "#6b7785", "stroke-width": 1.5 }));
  });
}
drawers.push(drawWalk);
$("walk-item").addEventListener("change", () => { path = []; walkTo($("walk-item").value, false); });
