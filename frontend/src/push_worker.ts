// The service worker: shows what our server sends while no page is open, and opens a page when it is tapped. It
// stores nothing and answers no request of a page.

interface Notice {
  title: string;
  body: string;
  address: string;
  language: string;
  tag: string;
}

interface WorkerEvent extends Event {
  waitUntil(done: Promise<unknown>): void;
}

interface PushEvent extends WorkerEvent {
  data: { json(): unknown } | null;
}

interface ClickEvent extends WorkerEvent {
  notification: Notification;
}

interface Worker {
  addEventListener(type: "push", listener: (event: PushEvent) => void): void;
  addEventListener(type: "notificationclick", listener: (event: ClickEvent) => void): void;
  registration: ServiceWorkerRegistration;
  clients: { openWindow(address: string): Promise<unknown> };
  location: Location;
}

const worker = self as unknown as Worker;

worker.addEventListener("push", (event) => {
  const notice = event.data?.json() as Notice | undefined;
  if (notice === undefined) {
    return;
  }
  // The same notice once more takes the place of the one that is shown.
  event.waitUntil(
    worker.registration.showNotification(notice.title, {
      body: notice.body,
      lang: notice.language,
      tag: notice.tag,
      data: notice.address,
    }),
  );
});

worker.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const { pathname } = new URL(String(event.notification.data), worker.location.href);
  event.waitUntil(worker.clients.openWindow(pathname));
});

export {};
