// Shows what the server pushes while no page is open, and opens its page on a click. It keeps nothing and fetches nothing.
self.addEventListener('push', (event) => {
  const notice = event.data?.json() ?? {};
  event.waitUntil(self.registration.showNotification(notice.title ?? 'FinVault', {
    body: notice.text ?? '', tag: notice.id, icon: '/favicon.svg', data: { link: notice.link ?? '#/notifications' },
  }));
});

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  const link = String(event.notification.data?.link ?? '#/notifications');
  // Only ever a page of this client.
  const target = new URL(`/${link.startsWith('#/') ? link : '#/notifications'}`, self.location.origin).href;
  event.waitUntil(self.clients.matchAll({ type: 'window' }).then(async (pages) => {
    const page = pages[0];
    if (!page) return self.clients.openWindow(target);
    await page.navigate(target);
    return page.focus();
  }));
});
