// Notices in this browser (W3C Push API). The browser is asked only once somebody taps the button: a question that
// comes by itself is answered with no. The form stays hidden where the browser cannot do it.

const possible =
  window.isSecureContext && "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

const show = (form: HTMLElement, name: string): void => form.querySelector(`[${name}]`)?.removeAttribute("hidden");

const fill = (form: HTMLFormElement, name: string, value: string): void => {
  (form.elements.namedItem(name) as HTMLInputElement).value = value;
};

async function subscription(key: string): Promise<PushSubscriptionJSON> {
  await navigator.serviceWorker.register("/service-worker.js");
  const { pushManager } = await navigator.serviceWorker.ready;
  // One that was made for another key is of no use to us, and stands in the way of a new one.
  await (await pushManager.getSubscription())?.unsubscribe();
  return (await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key })).toJSON();
}

async function ask(form: HTMLFormElement, key: string): Promise<void> {
  if ((await Notification.requestPermission()) !== "granted") {
    show(form, "data-push-refused");
    return;
  }
  try {
    const given = await subscription(key);
    fill(form, "endpoint", given.endpoint ?? "");
    fill(form, "p256dh", given.keys?.["p256dh"] ?? "");
    fill(form, "auth", given.keys?.["auth"] ?? "");
  } catch {
    // Not reached, called off, or refused by the push service: the browser does not say which.
    show(form, "data-push-failed");
    return;
  }
  form.submit();
}

function offer(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-push]")) {
    form.hidden = false;
  }
  for (const missing of document.querySelectorAll("[data-push-missing]")) {
    missing.setAttribute("hidden", "");
  }
}

if (possible) {
  offer();
  document.addEventListener("htmx:afterSettle", offer);
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    const key = form.dataset["push"];
    if (key !== undefined) {
      event.preventDefault();
      void ask(form, key);
    }
  });
}

export {};
