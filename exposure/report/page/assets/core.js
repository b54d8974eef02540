// Texts enter the page only as text nodes and attributes, so a name can hold any character.
const D = JSON.parse(document.getElementById("content").textContent);
const $ = (id) => document.getElementById(id);
const now = { sev: D.base, level: D.cases[D.base].headline };
const drawers = [];
const here = () => D.cases[now.sev];

function add(node, children) {
  for (const child of children.flat(Infinity)) if (child !== null && child !== undefined) node.append(child);
  return node;
}
function set(node, attrs) {
  for (const [name, value] of Object.entries(attrs || {})) if (value !== null && value !== undefined) node.setAttribute(name, value);
  return node;
}
const el = (tag, attrs, ...children) => add(set(document.createElement(tag), attrs), children);
const sv = (tag, attrs, ...children) => add(set(document.createElementNS("http://www.w3.org/2000/svg", tag), attrs), children);
const fresh = (id, ...children) => { const box = $(id); box.replaceChildren(); return add(box, children); };

const itemName = (id) => (D.items[id] || [id])[0];
const unitOf = (id) => { const unit = (D.items[id] || ["", ""])[1]; return unit === "unit" ? "units" : unit; };
const placeName = (id) => D.places[id] || id;
function digits(value, keep) {
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (size >= 1e7) return short(value);
  if (size >= 1000) return Math.round(value).toLocaleString("en-US");
  return String(Number(value.toPrecision(keep || 3)));
}
function short(value) {
  const size = Math.abs(value);
  for (const [least, word] of [[1e12, " tn"], [1e9, " bn"], [1e6, " m"], [1e3, " k"]])
    if (size >= 0.9995 * least) return twoDigits(value / least) + word;
  return size < 0.05 ? "0" : twoDigits(value);
}
const twoDigits = (value) => (Math.abs(value) < 9.95 ? value.toFixed(1) : Number(value.toPrecision(2)).toLocaleString("en-US"));
const usd = (value) => "USD " + short(value);
const sum = (list) => list.reduce((a, b) => a + b, 0);
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const monthName = (text) => MONTHS[Number(text.slice(5, 7)) - 1] + " " + text.slice(0, 4);
const range = (least, most, unit) => (least === most ? digits(least) : digits(least) + " to " + digits(most)) + " " + unit;
function ticks(top) {
  const step = Math.pow(10, Math.floor(Math.log10(top / 3 || 1)));
  const size = [1, 2, 5, 10].map((k) => k * step).find((k) => top / k <= 5) || step;
  const found = [];
  for (let value = 0; value <= top * 1.0001; value += size) found.push(value);
  return found;
}

// A mark shows its figures on hover and focus, and opens the rows of data behind it on a click, Enter or the space bar.
const told = new WeakMap();
function mark(node, title, lines, open) {
  told.set(node, { title, lines, open });
  node.classList.add("mark");
  set(node, { role: node.getAttribute("role") || "button", "aria-label": [title, ...lines].join("; ") });
  if (!node.hasAttribute("tabindex")) node.setAttribute("tabindex", "0");
  return node;
}
const markOf = (target) => { let n = target; while (n && n !== document) { if (told.has(n)) return n; n = n.parentNode; } return null; };
function showTip(node, x, y) {
  const { title, lines, open } = told.get(node);
  fresh("tip", el("b", null, title), lines.map((line) => el("div", null, line)), open ? el("div", null, "Click or Enter: the figures behind it") : null);
  const tip = $("tip");
  tip.hidden = false;
  tip.style.left = Math.max(8, Math.min(x + 14, innerWidth - tip.offsetWidth - 8)) + "px";
  tip.style.top = (y + 18 + tip.offsetHeight > innerHeight ? Math.max(8, y - tip.offsetHeight - 12) : y + 18) + "px";
}
function tipAt(node) { const box = node.getBoundingClientRect(); showTip(node, box.left + Math.min(box.width / 2, 60), box.bottom - 8); }
document.addEventListener("mousemove", (event) => {
  const node = markOf(event.target);
  if (node) showTip(node, event.clientX, event.clientY); else if (!markOf(document.activeElement)) $("tip").hidden = true;
});
document.addEventListener("focusin", (event) => { const node = markOf(event.target); if (node && node.matches(":focus-visible")) tipAt(node); else $("tip").hidden = true; });
document.addEventListener("focusout", () => { $("tip").hidden = true; });
document.addEventListener("scroll", () => { $("tip").hidden = true; }, true);
document.addEventListener("click", (event) => { const node = markOf(event.target); if (node && told.get(node).open) told.get(node).open(); });
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") { $("tip").hidden = true; closePanel(); return; }
  const node = markOf(event.target);
  if (node && (event.key === "Enter" || event.key === " ") && told.get(node).open) { event.preventDefault(); told.get(node).open(); }
});

// In a grid of marks one is a tab stop; arrows, Home and End move among them.
function rove(box, cells) {
  cells.flat().forEach((cell) => cell && cell.setAttribute("tabindex", "-1"));
  if (cells.length && cells[0][0]) cells[0][0].setAttribute("tabindex", "0");
  box.onkeydown = (event) => {
    const step = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] }[event.key];
    const row = cells.findIndex((line) => line.includes(event.target));
    if (row < 0 || !(step || event.key === "Home" || event.key === "End")) return;
    const column = cells[row].indexOf(event.target);
    const line = cells[row + (step ? step[0] : 0)] || cells[row];
    const next = event.key === "Home" ? line[0] : event.key === "End" ? line[line.length - 1] : line[column + step[1]];
    if (!next) return;
    event.preventDefault();
    event.target.setAttribute("tabindex", "-1");
    next.setAttribute("tabindex", "0");
    next.focus({ focusVisible: true });
    next.scrollIntoView({ block: "nearest", inline: "nearest" });
  };
}

let cameFrom = null;
function openPanel(title, ...body) {
  if ($("panel").hidden) cameFrom = document.activeElement;
  $("panel-title").textContent = title;
  fresh("panel-body", body);
  $("panel").hidden = false;
  $("panel").scrollTop = 0;
  $("tip").hidden = true;
  $("panel-title").focus();
}
function closePanel() {
  if ($("panel").hidden) return;
  $("panel").hidden = true;
  if (cameFrom && cameFrom.isConnected) cameFrom.focus({ preventScroll: true });
}
$("panel-close").addEventListener("click", closePanel);

function figure(row) {
  const stated = row.value === null ? "derived by the baseline" : digits(row.value, 4) + (row.unit ? " " + row.unit : "");
  const ends = row.low === null || row.high === null ? "" : ", range " + digits(row.low, 4) + " to " + digits(row.high, 4);
  const facts = row.source.map((id) => {
    const fact = D.facts[id];
    if (!fact) return el("li", null, id);
    const where = fact[3] ? el("a", { href: fact[3], rel: "noreferrer noopener" }, fact[2] || "source") : fact[2];
    return el("li", null, id + ": " + fact[0] + " = " + fact[1] + " (", where, ")");
  });
  if (row.estimate) facts.push(el("li", null, "estimate"));
  return el("div", { class: "row" }, el("b", null, row.key), (row.col ? row.col + ": " : "") + stated + ends, el("ul", null, facts), row.note ? el("div", null, row.note) : null);
}
function rowsOf(heading, ...things) {
  const rows = things.flatMap((thing) => D.behind[thing] || []);
  if (!rows.length) return [];
  const shown = rows.slice(0, 40).map((k) => figure(D.rows[k]));
  if (rows.length > 40) shown.push(el("p", null, "and " + (rows.length - 40) + " more rows, in the workbook"));
  return [el("h3", null, heading), ...shown];
}
const rowHint = (thing) => {
  const rows = D.behind[thing] || [];
  if (!rows.length) return "";
  const row = D.rows[rows[0]];
  const source = [...row.source, ...(row.estimate ? ["estimate"] : [])].slice(0, 4).join(", ");
  const ends = row.low === null || row.high === null ? "" : ", range " + digits(row.low) + " to " + digits(row.high);
  return (row.value === null ? "derived" : digits(row.value) + " " + row.unit) + ends + "; source " + (source || "not stated");
};
function table(heads, rows) {
  return el("table", null, el("thead", null, el("tr", null, heads.map((h) => el("th", { scope: "col" }, h)))),
    el("tbody", null, rows.map((row) => el("tr", null, row.map((cell, k) => (k ? el("td", null, cell) : el("th", { scope: "row" }, cell)))))));
}
function options(id, pairs, chosen) { fresh(id, pairs.map(([value, text]) => el("option", { value }, text))); if (chosen !== undefined) $(id).value = chosen; }
