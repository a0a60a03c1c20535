"use strict";
// Everything works without this file. It ticks off without a reload, filters while one writes, and copies.
document.documentElement.classList.add("with-script");
let told = 0;
const say = (text) => { // It lies over the page, so it does not stay: what went wrong stands in its row as well.
  const status = document.getElementById("status");
  status.textContent = text;
  clearTimeout(told);
  told = setTimeout(() => { status.textContent = ""; }, 8000);
};

// ---- Ticking off and taking back.

const itemsOf = (form, button) => {
  const rows = [...form.querySelectorAll("[data-item]")];
  if ("whole" in button.dataset) { return rows.filter((row) => !row.classList.contains("done")).map((row) => row.dataset.item); }
  return [button.value];
};

const rowsOf = (item) => document.querySelectorAll(`[data-item="${CSS.escape(item)}"]`);

const note = (row, failed, text) => {
  row.classList.toggle("failed", failed);
  const said = row.querySelector(".said");
  if (said) { said.hidden = text === ""; said.textContent = text; }
};

const mark = (row, done) => {
  row.classList.toggle("done", done);
  note(row, false, done ? "Confirmed." : "Taken back: it is to be done again.");
  const button = row.querySelector("button.tick");
  if (!button) { return; }
  button.dataset.action = done ? "undo" : "confirm";
  button.textContent = done ? "Undo" : "Done";
  button.setAttribute("aria-label", button.getAttribute("aria-label").replace(/^[^:]*/, button.textContent));
};

const fields = (form, items) => {
  const body = new URLSearchParams({ item: items.join(" ") });
  for (const name of ["tenant", "note"]) {
    const input = form.elements.namedItem(name);
    if (input) { body.append(name, input.value); }
  }
  return body;
};

// What somebody else did meanwhile is said above the list as it is now: the server sends both.
const sendAsPage = (path, items, form) => {
  const input = document.createElement("input");
  input.type = "hidden";
  input.name = "item";
  input.value = items.join(" ");
  form.append(input);
  form.action = path;
  form.submit();
};

document.addEventListener("submit", async (event) => {
  const form = event.target, button = event.submitter;
  if (!button || !["confirm", "undo"].includes(button.dataset.action)) { return; }
  event.preventDefault();
  if (form.dataset.busy) { return; }
  const undo = button.dataset.action === "undo", items = itemsOf(form, button), path = undo ? "/undo" : "/confirm";
  if (items.length === 0) { say("Every item of this pass is ticked off."); return; }
  form.dataset.busy = "yes";
  form.setAttribute("aria-busy", "true");
  if (items.length > 20) { say(`${undo ? "Taking back" : "Confirming"} ${items.length} items, one client after the other. This takes a while.`); }
  let answer = { items: [] }, status = 0;
  try {
    const response = await fetch(path, { method: "POST", body: fields(form, items), headers: { Accept: "application/json" } });
    status = response.status;
    answer = await response.json();
  } catch {
    answer.problem = `${undo ? "Not taken back" : "Not confirmed"}: the desk did not answer. See in its terminal whether it still runs, and start it again if not. The list that it shows then says what is still to be done.`;
  }
  if (status === 409 && answer.items.length === 0) { sendAsPage(path, items, form); return; }
  delete form.dataset.busy;
  form.removeAttribute("aria-busy");
  for (const item of answer.items) {
    for (const row of rowsOf(item)) { mark(row, !undo); }
  }
  for (const item of items.filter((item) => !answer.items.includes(item))) {
    for (const row of rowsOf(item)) { note(row, true, answer.problem || "This was not done."); }
  }
  say(answer.problem || `${answer.items.length} ${undo ? "taken back" : "confirmed"}. Reload for the list as it is now.`);
});

// ---- Copying.

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-action=copy]");
  if (!button) { return; }
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    say(`Copied ${button.dataset.copy}.`);
  } catch {
    say(`The browser does not let this page copy. The address is ${button.dataset.copy}.`);
  }
});

// ---- The filter.

const filter = document.getElementById("filter");
document.addEventListener("keydown", (event) => {
  if (event.key === "/" && filter && !event.target.closest("input, textarea") && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    filter.focus();
    filter.select();
  }
});

const grid = document.getElementById("grid");
if (grid && filter && !filter.value) {
  const columns = new CSSStyleSheet();
  document.adoptedStyleSheets = [columns];
  const standing = (cell) => cell.classList.contains("u") ? "undeclared" : cell.classList.contains("x") ? "expired" : cell.classList.contains("n") ? "not seen yet" : "as declared";
  const rows = [...grid.tBodies[0].rows].map((row) => {
    const client = `${row.cells[0].textContent} ${row.dataset.domain}`.toLowerCase();
    const cells = [...row.querySelectorAll("td[data-person]")].map((cell) => ({
      cell, column: cell.cellIndex, text: `${client} ${cell.dataset.person} ${cell.dataset.role} ${standing(cell)}`.toLowerCase(),
    }));
    return { row, client, cells };
  });
  const count = grid.tHead.rows[0].cells.length;
  const matching = document.getElementById("matching");
  const before = matching.textContent;

  const apply = () => {
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    const has = (text) => words.every((word) => text.includes(word));
    const shown = new Set();
    let clients = 0;
    for (const { row, client, cells } of rows) {
      let any = words.length === 0 || has(client);
      for (const { cell, column, text } of cells) {
        const hit = words.length > 0 && has(text);
        if (hit !== cell.classList.contains("hit")) { cell.classList.toggle("hit", hit); }
        if (hit) { any = true; shown.add(column); }
      }
      if (row.hidden === any) { row.hidden = !any; }
      if (any) { clients++; }
    }
    grid.classList.toggle("filtered", words.length > 0);
    const hidden = [];
    if (words.length > 0 && shown.size > 0) {
      for (let column = 1; column < count; column++) {
        if (!shown.has(column)) { hidden.push(`#grid tr > :nth-child(${column + 1})`); }
      }
    }
    columns.replaceSync(hidden.length > 0 ? `${hidden.join(",")} { display: none; }` : "");
    matching.textContent = words.length === 0 ? before : `${clients} of ${rows.length} clients.` + ("partial" in filter.dataset ? " Press Enter to look through all." : "");
  };
  let frame = 0;
  filter.addEventListener("input", () => { cancelAnimationFrame(frame); frame = requestAnimationFrame(apply); });
  filter.form.addEventListener("submit", (event) => { if (!("partial" in filter.dataset)) { event.preventDefault(); } });
}

// ---- Arrow keys in the grid.

if (grid) {
  const visible = (cell) => cell && cell.getClientRects().length > 0;
  let current = null;
  const move = (cell) => {
    if (current) { current.removeAttribute("tabindex"); }
    current = cell;
    current.tabIndex = 0;
    current.focus();
  };
  const first = grid.querySelector("td[data-person]");
  if (first) { first.tabIndex = 0; current = first; }
  grid.addEventListener("focusin", (event) => {
    const cell = event.target.closest("td[data-person]");
    if (cell) { say(`${cell.dataset.person}, ${cell.dataset.tenant}: ${cell.dataset.role}`); }
  });
  grid.addEventListener("mouseover", (event) => {
    const cell = event.target.closest("td[data-person]");
    if (cell && !cell.title) { cell.title = `${cell.dataset.person}\n${cell.parentElement.cells[0].textContent}\n${cell.dataset.role}`; }
  });
  grid.addEventListener("keydown", (event) => {
    const cell = event.target.closest("td");
    if (!cell) { return; }
    if (event.key === "Enter" && cell.dataset.person) { location.href = `/person/${encodeURIComponent(cell.dataset.person)}`; return; }
    const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    if (!step) { return; }
    event.preventDefault();
    let row = cell.parentElement.sectionRowIndex, column = cell.cellIndex;
    for (;;) {
      row += step[0];
      column += step[1];
      const next = grid.tBodies[0].rows[row]?.cells[column];
      if (!next || column === 0) { return; }
      if (visible(next)) { move(next); return; }
    }
  });
}
