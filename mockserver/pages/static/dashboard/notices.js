// What the page says: to everybody as messages, to screen readers as announcements.

import { button, el } from "./dom.js";

const STAYS = 6000; // milliseconds
const QUIET = 4000; // between announcements

export class Notices {
  constructor() {
    this.place = document.getElementById("toasts");
    this.announcer = document.getElementById("announcer");
    this.dialog = document.getElementById("question");
    this.last = 0;
  }

  /** Show a message; one that is bad stays until it is closed. */
  toast(text, kind = "good") {
    for (const shown of this.place.children) {
      if (shown.firstChild.textContent === text) shown.remove(); // said again: once is enough
    }
    const message = el("div", { class: `toast ${kind}`, role: kind === "bad" ? "alert" : "status" }, el("span", {}, text));
    message.append(button("×", () => message.remove(), { kind: "bare", label: "Close the message" }));
    this.place.append(message);
    while (this.place.children.length > 3) this.place.firstChild.remove();
    if (kind !== "bad") setTimeout(() => message.remove(), STAYS);
  }

  /** Tell screen readers, politely, and at most once in a while: the latest text wins. */
  announce(text) {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => {
      this.last = Date.now();
      this.announcer.textContent = text;
    }, Math.max(50, this.last + QUIET - Date.now()));
  }

  /** Ask before something that cannot be undone; resolve to whether it was confirmed. */
  ask(title, text, yes) {
    document.getElementById("question-title").textContent = title;
    document.getElementById("question-text").textContent = text;
    document.getElementById("question-yes").textContent = yes;
    this.dialog.returnValue = "no";
    this.dialog.showModal();
    return new Promise((resolve) => {
      this.dialog.addEventListener("close", () => resolve(this.dialog.returnValue === "yes"), { once: true });
    });
  }
}
