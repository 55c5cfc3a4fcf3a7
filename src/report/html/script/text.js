// Text from plans and services, made safe to read, and elements that hold it. Nothing is ever parsed as HTML.

// What src/base/escape.rs escapes, too.
const UNSEEN =
  /(?! )[\p{Cc}\p{Cf}\p{Zs}\p{Zl}\p{Zp}\p{Co}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u2800]/gu;
const SHORT = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** Shows as escapes what is not seen as it is. */
function harmless(text) {
  return text.replace(UNSEEN, (ch) => SHORT[ch] || `\\u{${ch.codePointAt(0).toString(16)}}`);
}

/** Makes an element with properties and children; children that are text stay text. */
function make(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children.filter((child) => child !== null));
  return made;
}

/** Makes an element around a text that somebody else wrote. */
function quote(name, text, className) {
  return make(name, { className: className || "" }, make("bdi", {}, harmless(text)));
}

/** Makes an outcome's icon and word. */
function badge(outcome) {
  const space = "http:" + "//www.w3.org/2000/svg";
  const icon = document.createElementNS(space, "svg");
  icon.setAttribute("class", "icon");
  icon.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(space, "use");
  use.setAttribute("href", `#${outcome}`);
  icon.append(use);
  return make("span", { className: `outcome ${outcome}` }, icon, outcome.replace("_", " "));
}

// The units of src/base/duration.rs, with their lengths in seconds.
const UNITS = [["d", 86400], ["h", 3600], ["min", 60], ["s", 1]];

/** Says how long something took, as src/base/duration.rs does: 41 ms, 1.2 s, 12.3 s, 2 min 5 s. */
function lasting(millis) {
  if (millis > 0 && millis < 1000) return `${millis} ms`;
  if (millis < 60000) {
    const digits = millis < 10000 ? 100 : 10;
    return `${Math.floor((millis * digits) / 1000) / digits} s`;
  }
  let rest = Math.floor(millis / 1000);
  const largest = UNITS.findIndex(([, length]) => rest >= length);
  const parts = UNITS.slice(largest, largest + 2).map(([unit, length]) => {
    const count = Math.floor(rest / length);
    rest %= length;
    return count > 0 ? `${count} ${unit}` : "";
  });
  return parts.filter(Boolean).join(" ");
}

/** Says when something was, counted from the start of the run. */
function since(millis) {
  return millis < 0 ? `−${lasting(-millis)}` : `+${lasting(millis)}`;
}
