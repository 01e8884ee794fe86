// Passkeys: a form with data-passkey asks the browser for one and sends what it answers.
"use strict";
const options = document.getElementById("passkey-options");
for (const form of document.querySelectorAll("form[data-passkey]")) {
  const button = form.querySelector("button[type=button]");
  const kind = form.dataset.passkey;
  if (!window.PublicKeyCredential) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      let credential;
      if (kind === "add") {
        const asked = JSON.parse(options.textContent).creation_options;
        const alone = form.elements.passwordless && form.elements.passwordless.checked;
        asked.publicKey.authenticatorSelection = {
          ...asked.publicKey.authenticatorSelection,
          residentKey: alone ? "required" : "discouraged",
          requireResidentKey: Boolean(alone),
          userVerification: "required",
        };
        credential = await webauthnJSON.create(asked);
      } else if (kind === "login") {
        const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
        credential = await webauthnJSON.get((await answer.json()).request_options);
      } else {
        credential = await webauthnJSON.get(JSON.parse(options.textContent).request_options);
      }
      form.elements.credential.value = JSON.stringify(credential);
      form.submit();
    } catch {
      button.focus(); // cancelled: the person may try again, or take another way
    }
  });
}
