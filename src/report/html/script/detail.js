// What a row opens to.

/** Makes the details of a row. */
function detail(row) {
  const { kind, account, region, selection, labels } = group(row);
  const [state, name, began, at] = row[SEEN] || [0, 0, null, null];
  const facts = [
    ["Known by", text(row[EVIDENCE])],
    ["State", text(row[STATE])],
    ["Why nothing was sent", text(row[REASON])],
    ["Same resource as", text(row[DUPLICATE_OF])],
    ["Kind", kind],
    ["Account", account],
    ["Region", region],
    ["Selection", selection],
    ["State when listed", text(state)],
    ["Name", text(name)],
    ["Began", began],
    ["Listed", at === null ? null : clock(at)],
    ["First request", row[STARTED] === null ? null : clock(row[STARTED])],
    ["Known at", row[FINISHED] === null ? null : clock(row[FINISHED])],
    ["State reads", String(row[READS])],
  ].filter(([, value]) => value !== null);
  return make(
    "div",
    { className: "detail" },
    row[ERROR] ? failure(row[ERROR]) : null,
    list("facts", facts),
    row[PARAMS].length ? make("h4", {}, "Parameters") : null,
    row[PARAMS].length ? list("facts", pairs(row[PARAMS])) : null,
    labels.length ? make("h4", {}, "Labels") : null,
    labels.length ? list("facts", labels) : null,
    row[ATTEMPTS].length ? make("h4", {}, "Stop requests") : null,
    row[ATTEMPTS].length ? attempts(row[ATTEMPTS]) : null,
  );
}

function list(className, facts) {
  return make("dl", { className }, ...facts.map(([name, value]) => make("div", {}, quote("dt", name), quote("dd", value))));
}

function failure([kind, code, message, request, hint]) {
  const head = [text(kind).replace("_", " "), text(code)].filter((part) => part).join(", ");
  return make(
    "div",
    { className: "failure" },
    make("p", {}, quote("strong", head)),
    quote("p", text(message), "message"),
    hint ? make("p", { className: "hint" }, make("span", { className: "label" }, "What to do: "), harmless(text(hint))) : null,
    request === null ? null : make("p", {}, "Request id ", quote("code", request)),
  );
}

function attempts(list) {
  const heads = ["Attempt", "Sent", "Took", "HTTP", "What was wrong", "Request id", "Next attempt after"];
  const head = make("tr", {}, ...heads.map((title) => make("th", { scope: "col" }, title)));
  return make(
    "table",
    { className: "attempts" },
    make("thead", {}, head),
    make("tbody", {}, ...list.map((attempt) => labelled(make("tr", {}, ...attemptCells(attempt)), heads))),
  );
}

/** Gives each cell its column's title, which narrow pages show in front of it. */
function labelled(line, titles) {
  Array.from(line.children).forEach((cell, at) => {
    cell.dataset.title = titles[at];
  });
  return line;
}

function attemptCells([number, at, millis, status, code, message, request, kind, wait]) {
  const wrong = [kind ? text(kind).replace("_", " ") : null, text(code), text(message)].filter((part) => part);
  return [
    make("td", {}, String(number)),
    make("td", { title: clock(at) }, since(at)),
    make("td", {}, lasting(millis)),
    make("td", {}, status === null ? "no response" : String(status)),
    kind ? quote("td", wrong.join(": "), kind === "throttled" ? "is-throttled" : "is-wrong") : quote("td", wrong.join(": ") || "nothing"),
    request === null ? make("td", {}, "–") : make("td", {}, quote("code", request)),
    make("td", {}, wait === null ? "–" : lasting(wait)),
  ];
}
