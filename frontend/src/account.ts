// For the pages of signed-in people: a form that says so is sent in the background, and what has changed on the page
// is put in its place. Without this script the same forms load the same pages.
import htmx from "htmx.org";

// Nothing is evaluated and no style is written into the page: the Content Security Policy allows neither.
htmx.config.allowEval = false;
htmx.config.includeIndicatorStyles = false;
htmx.config.selfRequestsOnly = true;
// These pages show data on health and at home: no copy of one stays in the browser's storage.
htmx.config.historyCacheSize = 0;
htmx.config.refreshOnHistoryMiss = true;
// An answer that says what is wrong is shown like any other.
htmx.config.responseHandling = [
  { code: "204", swap: false },
  { code: "...", swap: true },
];

const NOT_TAKEN = "data-not-taken";
const THESE_PAGES = /^\/(setup|profile|preferences|fridge)(\/|$)/;

interface Swap {
  xhr: XMLHttpRequest;
  shouldSwap: boolean;
  swapOverride?: string;
  selectOverride?: string;
}

/**
 * A form that leads away from these pages, as the last step of the setup does, leads to a whole page. What one that
 * came after the session's end is answered stands above it: what was chosen and typed stays there.
 */
document.addEventListener("htmx:beforeSwap", (event) => {
  const { detail } = event as CustomEvent<Swap>;
  if (!THESE_PAGES.test(new URL(detail.xhr.responseURL).pathname)) {
    detail.shouldSwap = false;
    location.assign(detail.xhr.responseURL);
  } else if (detail.xhr.status === 401) {
    document.querySelector(`[${NOT_TAKEN}]`)?.remove();
    detail.swapOverride = "afterbegin show:window:top";
    detail.selectOverride = "#main > *";
  }
});

/** Whoever listens instead of looking is told: focus goes to the message, else to the beginning of what is new. */
document.addEventListener("htmx:afterSettle", (event) => {
  const main = document.querySelector<HTMLElement>("#main");
  const { xhr } = (event as CustomEvent<{ xhr: XMLHttpRequest }>).detail;
  const notTaken = xhr.status === 401 ? main?.firstElementChild : null;
  notTaken?.setAttribute(NOT_TAKEN, "");
  const target = notTaken ?? main?.querySelector("[role='alert'], [role='status']") ?? main;
  if (target instanceof HTMLElement) {
    target.setAttribute("tabindex", "-1");
    target.focus();
  }
});
