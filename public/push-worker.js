// Shows a message that the server has pushed, and opens its page.
addEventListener('push', (event) => {
  const { title, text, url } = event.data ? event.data.json() : { title: '', text: '', url: '/' };
  event.waitUntil(registration.showNotification(title, { body: text, data: { url } }));
});

addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(clients.openWindow(event.notification.data.url));
});
