// Asks for the token of the control plane and exchanges it for a cookie that scripts cannot read.

import { button, el, field, fill } from "./dom.js";

/** Show the form once; call `done` when the token was taken. */
export function unlock(api, done) {
  const main = document.getElementById("main");
  if (main.querySelector("#unlock")) return;
  const trouble = el("p", { class: "trouble", role: "alert" });
  const token = el("input", { name: "token", type: "password", autocomplete: "off", required: true });
  const form = el(
    "form",
    {
      id: "unlock",
      class: "card narrow",
      on: {
        submit: async (event) => {
          event.preventDefault();
          const isTaken = await exchange(api, token.value.trim());
          if (isTaken) return done();
          trouble.textContent = "This is not the token.";
          token.select();
        },
      },
    },
    el("h1", {}, "The control plane is locked"),
    el("p", { class: "lead" }, "The mock printed its token when it started, or took it from MOCKSERVER_ADMIN_TOKEN."),
    field("Token", token),
    trouble,
    el("div", { class: "row end" }, button("Unlock", null, { kind: "first", type: "submit" })),
  );
  fill(main, form);
  token.focus();
}

async function exchange(api, token) {
  if (!/^[\x21-\x7e]+$/.test(token)) return false; // no header can hold it
  const answer = await fetch(`${api.base}/session`, { method: "POST", headers: { "X-Mock-Admin-Token": token } });
  return answer.ok;
}
