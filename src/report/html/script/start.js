// Brings the page to life.

const FORM = document.getElementById("filter");
const FIELDS = FORM.elements;

/** Offers every value of a list in a select. */
function offer(select, values) {
  for (const value of values) select.append(make("option", { value }, harmless(value.replace("_", " "))));
}

function distinct(values) {
  return Array.from(new Set(values)).sort(COLLATOR.compare);
}

/** Says what a cause of the list above the table is. */
function causeWords(rank) {
  const cause = document.querySelectorAll(".cause .what")[rank - 1];
  return cause ? ["outcome", "title"].map((part) => cause.querySelector(`.${part}`).textContent).join(": ") : "";
}

/** Takes over what the form says. */
function read() {
  for (const name of ["words", "outcome", "kind", "place"]) shown.filter[name] = FIELDS[name].value;
  FIELDS.cause.hidden = shown.filter.cause === 0;
  FIELDS.cause.textContent = `Only ${causeWords(shown.filter.cause)} ✕`;
  FIELDS.cause.setAttribute("aria-label", `Show all causes, not only ${causeWords(shown.filter.cause)}`);
  refresh();
}

/** Shows only rows of one outcome or cause, in a table without other filters. */
function only(outcome, cause) {
  FORM.reset();
  shown.filter.cause = cause;
  FIELDS.outcome.value = outcome;
  read();
}

function listenToForm() {
  let timer = 0;
  FORM.addEventListener("submit", (event) => event.preventDefault());
  FORM.addEventListener("input", (event) => {
    clearTimeout(timer);
    if (event.target === FIELDS.column) sortBy(COLUMNS.find((column) => column.name === FIELDS.column.value));
    else timer = setTimeout(read, event.target === FIELDS.words ? 150 : 0);
  });
  FORM.addEventListener("reset", () => {
    shown.filter.cause = 0;
    setTimeout(read, 0);
  });
  FIELDS.cause.addEventListener("click", () => {
    shown.filter.cause = 0;
    read();
  });
}

function listenToTable() {
  TABLE.addEventListener("click", (event) => {
    const line = event.target.closest("tr.row");
    const isSelecting = !event.target.closest("button") && String(getSelection()) !== "";
    if (line && !isSelecting) toggle(line);
  });
  TABLE.addEventListener("keydown", (event) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!by || !event.target.matches(".opener")) return;
    event.preventDefault();
    step(event.target, by);
  });
  PAGES.addEventListener("click", (event) => {
    if (!event.target.matches("button")) return;
    shown.page += event.target.name === "after" ? 1 : -1;
    turn();
    document.getElementById("targets").scrollIntoView();
  });
}

/** Makes the titles of the columns buttons that sort. */
function headColumns() {
  for (const column of COLUMNS) {
    const button = make("button", { type: "button" }, column.title);
    button.addEventListener("click", () => sortBy(column));
    const head = make("th", { scope: "col", className: `of-${column.name}` }, button);
    head.dataset.column = column.name;
    TABLE.tHead.rows[0].append(head);
    FIELDS.column.append(make("option", { value: column.name }, column.name === "number" ? "plan order" : column.title));
  }
}

/** Lets counts and causes lead to their rows, and commands be copied. */
function linkSummary() {
  for (const link of document.querySelectorAll("[data-outcome]")) {
    link.addEventListener("click", () => only(link.dataset.outcome, 0));
  }
  for (const link of document.querySelectorAll("[data-cause]")) {
    link.hidden = false;
    link.addEventListener("click", () => only("", Number(link.dataset.cause)));
  }
  for (const button of document.querySelectorAll("[data-copies]")) {
    button.hidden = !navigator.clipboard;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copies).textContent);
      button.textContent = "Copied";
    });
  }
}

headColumns();
offer(FIELDS.outcome, distinct(ROWS.map((row) => text(row[OUTCOME]))));
offer(FIELDS.kind, distinct(GROUPS.map((known) => known.kind)));
offer(FIELDS.place, distinct(GROUPS.map((known) => known.place)));
offerZones();
listenToForm();
listenToTable();
linkSummary();
addEventListener("beforeprint", () => fill(0, PRINTED));
addEventListener("afterprint", turn);
FORM.hidden = false;
TABLE.hidden = false;
refresh();
