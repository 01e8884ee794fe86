// Shows how far a work in the background is, and the next page when it is done.
"use strict";
const panel = document.querySelector("[data-status]");
if (panel) {
  const bar = panel.querySelector("progress");
  const ask = async () => {
    try {
      const answer = await fetch(panel.dataset.status, { headers: { Accept: "application/json" } });
      const { working, done, total } = await answer.json();
      if (!working) {
        window.location.reload();
        return;
      }
      bar.max = total || 1;
      bar.value = done;
    } catch {
      // The next question may be answered.
    }
    setTimeout(ask, 1000);
  };
  setTimeout(ask, 400);
}
