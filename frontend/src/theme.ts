// Loaded before the first paint: applies the theme that was chosen, or the system's. Public pages are the same bytes
// for everyone, so the server cannot say it there. Our own styles read `data-theme`, django-unfold's a class `dark`.
const root = document.documentElement;
const system = matchMedia("(prefers-color-scheme: dark)");

function chosen(): string {
  const cookie = /(?:^|; )packytrace_theme=(light|dark|system)(?:;|$)/.exec(document.cookie);
  return cookie?.[1] ?? "system";
}

function apply(): void {
  const theme = chosen();
  root.dataset["theme"] = theme;
  root.classList.toggle("dark", theme === "dark" || (theme === "system" && system.matches));
}

function markTheChoice(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>("button[name=theme]")) {
    if (button.value === chosen()) {
      button.setAttribute("aria-current", "true");
    } else {
      button.removeAttribute("aria-current");
    }
  }
}

apply();
system.addEventListener("change", apply);
document.addEventListener("DOMContentLoaded", markTheChoice);
// A page that comes back from the browser's memory may be older than the choice.
addEventListener("pageshow", (event) => {
  if (event.persisted) {
    apply();
    markTheChoice();
  }
});
