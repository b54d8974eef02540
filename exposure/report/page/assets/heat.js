// One hue from pale to dark, by the root of the share of the largest cell; dark cells have white figures.
function shade(share, hue) {
  const light = 96 - 66 * Math.sqrt(Math.min(1, share));
  return { back: `hsl(${hue} ${share > 0 ? 70 : 0}% ${light}%)`, ink: light < 56 ? "#fff" : "#1f2a37" };
}
function paint(cell, share, hue) { const c = shade(share, hue); cell.style.background = share > 0 ? c.back : "#f2f5f8"; cell.style.color = c.ink; return cell; }

function lossBody(row, t) {
  const [item, place, values, unmet] = row, key = item + "|" + place;
  const lost = t === null ? sum(values) : values[t], short_ = t === null ? sum(unmet) : unmet[t];
  const chains = (here().why[now.level][key] || []);
  const controls = [...new Set(chains.flatMap((chain) => chain[1].split(" + ")))].filter(Boolean);
  return [
    el("p", null, itemName(item) + " in " + placeName(place) + ": " + usd(lost) + " = " + digits(short_, 4) + " " + unitOf(item) + " not served, times the value of output lost per unit."),
    chains.length ? [el("h3", null, "Why"), ...chains.map((c) => el("p", null, c[0] + " (" + usd(c[2]) + " over the run, from " + monthName(c[3]) + ")"))] : [],
    rowsOf("Demand and its value: rows of data", "demand:" + key),
    rowsOf("Stocks held", "stock:" + key),
    rowsOf("Rules at the start of the chain", ...controls.map((id) => "control:" + id)),
  ];
}
function drawHeat() {
  const rows = here().loss[now.level];
  $("heat-note").textContent = rows.length ? "USD of output lost at the level \u201c" + now.level + "\u201d; the darker, the more. Arrow keys move from cell to cell." : "No output is lost at this level and severity.";
  if (!rows.length) { fresh("heat"); return; }
  const top = Math.max(...rows.flatMap((row) => row[2])), cells = [];
  const body = rows.map((row) => {
    const [item, place, values] = row, name = itemName(item) + ", " + placeName(place), line = [];
    const cell = (value, title, t) => {
      const td = el("td", null, value ? short(value) : "");
      const hint = rowHint("demand:" + item + "|" + place), chain = (here().why[now.level][item + "|" + place] || [])[0];
      mark(td, name + ", " + title, [usd(value) + " lost", t === null ? "" : digits(row[3][t]) + " " + unitOf(item) + " unmet", chain && value ? chain[0] : "", hint ? "demand " + hint : ""].filter(Boolean), () => openPanel(name + ", " + title, ...lossBody(row, t)));
      line.push(td);
      return td;
    };
    const all = cell(sum(values), "all months", null);
    all.className += " total";
    const tr = el("tr", null, el("th", { scope: "row" }, itemName(item), el("small", null, placeName(place))), all, values.map((v, t) => paint(cell(v, monthName(D.months[t]), t), v / top, 210)));
    cells.push(line);
    return tr;
  });
  const heads = D.months.map((m) => el("th", { scope: "col" }, MONTHS[Number(m.slice(5)) - 1], el("br"), "\u2019" + m.slice(2, 4)));
  const grid = el("table", { class: "cells" }, el("thead", null, el("tr", null, el("th", { scope: "col" }, "Product"), el("th", { scope: "col" }, "Total"), heads)), el("tbody", null, body));
  fresh("heat", grid);
  rove(grid, cells);
}
drawers.push(drawHeat);
