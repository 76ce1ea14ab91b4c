// Notifications in this browser; without them everything is in the list and in the other channels.
for (const button of document.querySelectorAll('[data-push-key]')) {
  if (!('serviceWorker' in navigator) || !('PushManager' in window)) continue;
  button.hidden = false;
  button.addEventListener('click', async () => {
    try {
      const registration = await navigator.serviceWorker.register('/push-worker.js');
      const subscription = await registration.pushManager.subscribe({
        userVisibleOnly: true,
        applicationServerKey: button.dataset.pushKey,
      });
      const { endpoint, keys } = subscription.toJSON();
      const answer = await fetch(button.dataset.pushTo, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-csrf-token': document.querySelector('meta[name="csrf-token"]').content,
        },
        body: JSON.stringify({ endpoint, ...keys }),
      });
      if (!answer.ok) throw new Error(String(answer.status));
      location.reload();
    } catch {
      button.textContent = button.dataset.pushDenied;
    }
  });
}
