// A table of which only the rows in sight are in the document, for lists of any length.

const SPARE = 8; // rows beyond each edge

export class WindowedTable {
  /**
   * Columns are {title, class, cell(row)}; the cell of the column with `opens` holds the row's
   * button. `key(row)` tells rows apart, `open(row)` is called when one is chosen, `near()` when
   * the end comes into sight. Rows are `height` pixels high.
   */
  constructor({ caption, columns, key, open, near = () => {}, height = 44, rowClass = () => "" }) {
    Object.assign(this, { columns, key, open, near, height, rowClass });
    this.rows = [];
    this.drawn = new Map(); // key -> tr
    this.chosen = null; // key of the row that is open
    this.at = null; // key of the row that the keyboard is at
    this.above = spacer();
    this.below = spacer();
    this.body = document.createElement("tbody");
    this.body.append(this.above, this.below);
    const head = document.createElement("thead");
    const row = head.insertRow();
    row.setAttribute("aria-rowindex", "1");
    for (const column of columns) {
      const cell = document.createElement("th");
      cell.scope = "col";
      cell.className = column.class ?? "";
      cell.textContent = column.title;
      row.append(cell);
    }
    this.table = document.createElement("table");
    const title = this.table.createCaption();
    title.className = "hidden";
    title.textContent = caption;
    this.table.append(head, this.body);
    this.element = document.createElement("div");
    this.element.className = "window";
    this.element.tabIndex = -1;
    this.element.append(this.table);
    this.element.addEventListener("scroll", () => this.soon(), { passive: true });
    this.body.addEventListener("keydown", (event) => this.press(event));
    this.body.addEventListener("click", (event) => this.click(event));
    this.body.addEventListener("focusin", (event) => {
      const row = event.target.closest("tr");
      if (row?.dataset.key) this.reach(row.dataset.key);
    });
    new ResizeObserver(() => this.soon()).observe(this.element);
  }

  /** Show other rows; `added` of them are new at the top, and the rest stays where it is seen. */
  show(rows, { added = 0 } = {}) {
    this.rows = rows;
    if (added && this.element.scrollTop > 0) {
      this.resize();
      this.element.scrollTop += added * this.height;
    }
    this.soon();
  }

  /** Draw all rows again, as when what they say has changed. */
  renew() {
    for (const row of this.drawn.values()) row.remove();
    this.drawn.clear();
    this.soon();
  }

  choose(key) {
    const before = this.drawn.get(this.chosen);
    before?.classList.remove("chosen");
    before?.querySelector("button")?.removeAttribute("aria-current");
    this.chosen = key;
    const row = this.drawn.get(key);
    row?.classList.add("chosen");
    row?.querySelector("button")?.setAttribute("aria-current", "true");
  }

  /** Put the keyboard back to the row where it was. */
  focus() {
    const index = Math.max(0, this.rows.findIndex((row) => this.key(row) === this.at));
    if (this.rows.length) this.move(index);
  }

  soon() {
    this.waiting ??= requestAnimationFrame(() => {
      this.waiting = null;
      this.draw();
    });
  }

  resize() {
    const space = this.element.clientHeight || 400;
    const first = Math.max(0, Math.floor(this.element.scrollTop / this.height) - SPARE);
    const last = Math.min(this.rows.length, Math.ceil((this.element.scrollTop + space) / this.height) + SPARE);
    const from = Math.min(first, Math.max(0, this.rows.length - 1));
    stretch(this.above, from * this.height);
    stretch(this.below, Math.max(0, this.rows.length - last) * this.height);
    return [from, last];
  }

  draw() {
    const [first, last] = this.resize();
    this.table.setAttribute("aria-rowcount", String(this.rows.length + 1));
    const wanted = new Map();
    for (let index = first; index < last; index += 1) wanted.set(this.key(this.rows[index]), index);
    const focused = document.activeElement?.closest("tr");
    for (const [key, row] of this.drawn) {
      if (wanted.has(key)) continue;
      if (row === focused) this.element.focus({ preventScroll: true }); // arrows go on from there
      row.remove();
      this.drawn.delete(key);
    }
    let before = this.above;
    for (const [key, index] of wanted) {
      const row = this.drawn.get(key) ?? this.make(key, this.rows[index]);
      row.setAttribute("aria-rowindex", String(index + 2));
      if (before.nextSibling !== row) before.after(row);
      before = row;
    }
    this.settle();
    if (last >= this.rows.length - SPARE) this.near();
  }

  make(key, data) {
    const row = document.createElement("tr");
    row.dataset.key = key;
    row.className = `${this.rowClass(data)} ${key === this.chosen ? "chosen" : ""}`;
    for (const column of this.columns) {
      const cell = row.insertCell();
      cell.className = column.class ?? "";
      if (column.opens) {
        const opener = document.createElement("button");
        opener.type = "button";
        opener.tabIndex = -1;
        opener.append(...[column.cell(data)].flat());
        if (key === this.chosen) opener.setAttribute("aria-current", "true");
        cell.append(opener);
      } else {
        cell.append(...[column.cell(data)].flat());
      }
    }
    this.drawn.set(key, row);
    return row;
  }

  /** Let exactly one row be reached by the tabulator. */
  settle() {
    const stop = this.drawn.get(this.at) ?? this.drawn.values().next().value;
    for (const row of this.drawn.values()) row.querySelector("button").tabIndex = row === stop ? 0 : -1;
  }

  reach(key) {
    if (this.at === key) return;
    this.at = key;
    this.settle();
  }

  click(event) {
    const row = event.target.closest("tr");
    if (!row?.dataset.key || String(getSelection()).length) return;
    this.reach(row.dataset.key);
    this.open(this.rows.find((one) => this.key(one) === row.dataset.key));
  }

  press(event) {
    const page = Math.max(1, Math.floor(this.element.clientHeight / this.height) - 1);
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
    const step = steps[event.key];
    if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const now = this.rows.findIndex((row) => this.key(row) === this.at);
    this.move(Math.min(this.rows.length - 1, Math.max(0, now + step)));
  }

  move(index) {
    const key = this.key(this.rows[index]);
    const top = index * this.height;
    const head = this.table.tHead.offsetHeight;
    const { scrollTop, clientHeight } = this.element;
    if (top < scrollTop) this.element.scrollTop = top;
    else if (top + this.height + head > scrollTop + clientHeight) this.element.scrollTop = top + this.height + head - clientHeight;
    this.at = key;
    this.draw();
    this.drawn.get(key)?.querySelector("button").focus({ preventScroll: true });
  }
}

// One cell: with more, columns that are not shown would take room all the same.
function spacer() {
  const row = document.createElement("tr");
  row.setAttribute("aria-hidden", "true");
  row.className = "spacer";
  row.insertCell();
  return row;
}

function stretch(row, height) {
  row.hidden = height === 0;
  row.cells[0].style.height = `${height}px`;
}
