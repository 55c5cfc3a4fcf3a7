// The table of targets: what it shows now, and how it comes to show something else.

const PAGE = 100;
// How many rows are printed at most: a printer is no place for a million rows.
const PRINTED = 1000;

const shown = {
  filter: { words: "", outcome: "", kind: "", place: "", cause: 0 },
  column: COLUMNS[0],
  descending: false,
  page: 0,
  numbers: [],
  open: new Set(),
};

const TABLE = document.getElementById("rows");
const PAGES = document.getElementById("pages");

/** Makes the button that carries a target's id and opens its row. */
function opener(row, number) {
  const button = make("button", { type: "button", className: "opener" }, make("bdi", {}, harmless(row[ID])));
  button.setAttribute("aria-expanded", String(shown.open.has(number)));
  button.setAttribute("aria-controls", `detail-${number}`);
  return button;
}

/** Makes a row, and what it opens to where it is open. */
function lines(number) {
  const row = ROWS[number];
  const cells = COLUMNS.map((column) => make("td", { className: `of-${column.name}` }, column.show(row, number)));
  const line = labelled(make("tr", { className: "row" }, ...cells), COLUMNS.map((column) => column.title));
  line.dataset.number = number;
  return shown.open.has(number) ? [line, detailLine(number)] : [line];
}

function detailLine(number) {
  const cell = make("td", { colSpan: COLUMNS.length }, detail(ROWS[number]));
  return make("tr", { className: "opened", id: `detail-${number}` }, cell);
}

/** Shows a stretch of the rows that were found. */
function fill(from, length) {
  const made = [];
  shown.numbers.slice(from, from + length).forEach((number) => made.push(...lines(number)));
  TABLE.tBodies[0].replaceChildren(...made);
}

/** Shows the page of rows that is due. */
function turn() {
  const last = Math.max(0, Math.ceil(shown.numbers.length / PAGE) - 1);
  shown.page = Math.min(Math.max(shown.page, 0), last);
  fill(shown.page * PAGE, PAGE);
  PAGES.hidden = last === 0;
  PAGES.querySelector("span").textContent = `Page ${shown.page + 1} of ${(last + 1).toLocaleString("en")}`;
  PAGES.querySelector("[name=before]").disabled = shown.page === 0;
  PAGES.querySelector("[name=after]").disabled = shown.page === last;
}

/** Finds and orders the rows anew, and shows the first page. */
function refresh() {
  shown.numbers = ordered(passing(shown.filter), shown.column, shown.descending);
  shown.page = 0;
  turn();
  const [found, all] = [shown.numbers.length, ROWS.length].map((rows) => rows.toLocaleString("en"));
  document.getElementById("shown").textContent = found === all ? `All ${all} rows` : `${found} of ${all} rows`;
  for (const head of TABLE.tHead.querySelectorAll("th")) {
    const isIt = head.dataset.column === shown.column.name;
    if (isIt) head.setAttribute("aria-sort", shown.descending ? "descending" : "ascending");
    else head.removeAttribute("aria-sort");
  }
}

/** Orders by a column; by the one that orders already, the other way round. */
function sortBy(column) {
  shown.descending = shown.column === column && !shown.descending;
  shown.column = column;
  refresh();
}

/** Opens or closes a row. */
function toggle(line) {
  const number = Number(line.dataset.number);
  const isOpen = !shown.open.delete(number);
  if (isOpen) {
    shown.open.add(number);
    line.after(detailLine(number));
  } else {
    line.nextElementSibling.remove();
  }
  line.querySelector(".opener").setAttribute("aria-expanded", String(isOpen));
}

/** Moves the focus from one row's button to the next or the one before. */
function step(button, by) {
  const buttons = Array.from(TABLE.querySelectorAll(".opener"));
  const next = buttons[buttons.indexOf(button) + by];
  if (next) next.focus();
}
