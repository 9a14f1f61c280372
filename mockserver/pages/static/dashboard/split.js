// A list beside what was chosen from it; where there is no room for both, one after the other.

import { button, el, fill } from "./dom.js";

export class Split {
  /** `back` is called to close what is open; `label` names the part beside the list. */
  constructor(list, { back, label, empty }) {
    this.list = list;
    this.nothing = empty;
    this.title = el("h2", { tabindex: "-1" });
    this.inside = el("div", { class: "detail-body" });
    this.close_ = button("Close", () => {
      back();
      this.list.querySelector("button[aria-current], tbody button[tabindex='0']")?.focus();
    }, { kind: "small" });
    this.detail = el("section", { class: "detail", "aria-label": label }, el("div", { class: "detail-head" }, this.title, this.close_), this.inside);
    this.note = el("p", { class: "empty" });
    this.note.hidden = true;
    this.element = el("div", { class: "split" }, el("div", { class: "list" }, this.note, list), this.detail);
    this.detail.addEventListener("keydown", (event) => event.key === "Escape" && this.close_.click());
    this.close();
  }

  /** Show something; the focus goes to its heading when somebody chose it. */
  show(title, content, { focus = true } = {}) {
    const isNew = this.title.textContent !== title || !this.element.classList.contains("open");
    this.title.textContent = title;
    fill(this.inside, content);
    this.close_.hidden = false;
    this.element.classList.add("open");
    if (focus && isNew) {
      this.inside.scrollTop = 0;
      this.title.focus({ preventScroll: true });
    }
  }

  close() {
    this.element.classList.remove("open");
    this.close_.hidden = true;
    this.title.textContent = "";
    fill(this.inside, el("p", { class: "empty" }, this.nothing));
  }

  /** Say why the list is empty, or show it. */
  empty(text) {
    this.note.hidden = !text;
    this.note.textContent = text || "";
    this.list.hidden = Boolean(text);
  }
}
