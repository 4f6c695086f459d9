// Adds copying, and leaves without a trace in the history of the tab, nor in the basket of an edition. Without it every page is whole.
"use strict";
(() => {
  const said = document.documentElement.lang === "ko" ? ["복사", "복사했습니다"] : ["Copy", "Copied"];
  for (const block of document.querySelectorAll(".copy")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copying";
    button.textContent = said[0];
    const told = document.createElement("span");
    told.setAttribute("role", "status");
    button.addEventListener("click", async () => {
      const text = [...(block.children.length && block.tagName === "DIV" ? block.children : [block])]
        .map((line) => line.textContent)
        .join("\n");
      try {
        await navigator.clipboard.writeText(text);
        told.textContent = ` ${said[1]}`;
      } catch {
        const range = document.createRange();
        range.selectNodeContents(block);
        const selection = window.getSelection();
        selection.removeAllRanges();
        selection.addRange(range);
        if (document.execCommand("copy")) told.textContent = ` ${said[1]}`;
      }
    });
    block.after(button, told);
  }
  const leave = document.getElementById("leave");
  if (leave) {
    leave.addEventListener("click", (event) => {
      event.preventDefault();
      document.body.replaceChildren();
      for (const kind of ["localStorage", "sessionStorage"]) {
        try {
          for (const key of Object.keys(window[kind])) if (key.startsWith("testimony-basket")) window[kind].removeItem(key);
        } catch { /* this browser keeps nothing there */ }
      }
      window.location.replace(leave.href);
    });
  }
})();
