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

/** Says how long something took: 41 ms, 1.2 s, 2 m 5 s. */
function lasting(millis) {
  if (millis < 1000) return `${millis} ms`;
  if (millis < 60000) return `${(millis / 1000).toFixed(millis < 10000 ? 2 : 1)} s`;
  const minutes = Math.floor(millis / 60000);
  const rest = Math.floor((millis % 60000) / 1000);
  return minutes < 60 ? `${minutes} m ${rest} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} m`;
}

/** Says when something was, counted from the start of the run. */
function since(millis) {
  return millis < 0 ? `−${lasting(-millis)}` : `+${lasting(millis)}`;
}
