// Makes elements. What callers sent only ever becomes text nodes and attribute values.

/**
 * Return a new element.
 * Attributes that are null, undefined or false are left out; `on` holds listeners by event.
 */
export function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "on") {
      for (const [event, listener] of Object.entries(value)) made.addEventListener(event, listener);
    } else if (name === "value" || name === "checked" || name === "disabled") {
      made[name] = value;
    } else if (value !== null && value !== undefined && value !== false) {
      made.setAttribute(name, value === true ? "" : value);
    }
  }
  made.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

/** Put children in place of what an element holds. */
export function fill(element, ...children) {
  element.replaceChildren(
    ...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false),
  );
  return element;
}

/** Return a button; `kind` is a class beside `button`. */
export function button(text, act, { kind = "", label, disabled = false, type = "button" } = {}) {
  return el(
    "button",
    { type, class: `button ${kind}`.trim(), "aria-label": label, disabled, on: act ? { click: act } : {} },
    text,
  );
}

let fields = 0;

/** Return a labelled form field around a control. */
export function field(label, control, { hint, wide = false } = {}) {
  const id = control.id || `field-${++fields}`;
  control.id = id;
  const parts = [el("label", { for: id }, label), control];
  if (hint) {
    parts.push(el("small", { id: `${id}-hint` }, hint));
    control.setAttribute("aria-describedby", `${id}-hint`);
  }
  return el("div", { class: wide ? "field wide" : "field" }, parts);
}

/** Return a select with options: texts, or [value, text] pairs. */
export function select(options, attributes = {}) {
  return el("select", attributes, options.map((option) => {
    const [value, text] = Array.isArray(option) ? option : [option, option];
    return el("option", { value }, text);
  }));
}

/**
 * Return a table in a box that scrolls by itself.
 * Columns are {title, cell(row), number, head}; `head` makes a cell the header of its row.
 */
export function table(caption, columns, rows, { empty = "Nothing here.", rowClass } = {}) {
  if (!rows.length) return el("p", { class: "empty" }, empty);
  return el(
    "div",
    { class: "scroll", tabindex: "0", role: "region", "aria-label": caption },
    el(
      "table",
      {},
      el("caption", { class: "hidden" }, caption),
      el("thead", {}, el("tr", {}, columns.map((column) => el("th", { scope: "col", class: column.number && "number" }, column.title)))),
      el("tbody", {}, rows.map((row) => el("tr", { class: rowClass && rowClass(row) }, columns.map((column) =>
        el(column.head ? "th" : "td", { scope: column.head && "row", class: [column.number && "number", column.wrap && "wrap"].filter(Boolean).join(" ") || null }, column.cell(row)))))),
    ),
  );
}

/** Return the frame of a panel: its heading, what stands beside it, and a text below. */
export function panel(title, text, ...tools) {
  const heading = el("h1", { tabindex: "-1" }, title);
  return {
    heading,
    element: el("section", { class: "panel" }, el("div", { class: "panel-head" }, heading, el("div", { class: "row" }, tools)), text && el("p", { class: "lead" }, text)),
  };
}

/** Return the values of a form by name, without those left empty. */
export function values(form) {
  return Object.fromEntries([...new FormData(form)].filter(([, value]) => value !== ""));
}
