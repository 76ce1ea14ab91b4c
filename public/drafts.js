// Saves what is typed into a question as it is typed. Without this script the form sends what it holds.

const PAUSE_MS = 1_000;

for (const form of document.querySelectorAll('form[data-draft]')) {
  const field = form.elements.text;
  const status = form.querySelector('.saving');
  let saved = field.value;
  let timer;

  const save = async (leaving = false) => {
    clearTimeout(timer);
    if (form.dataset.sent || field.value === saved) return;
    const text = field.value;
    const answer = await fetch(form.dataset.draftAction, {
      method: 'POST',
      keepalive: leaving,
      headers: { 'content-type': 'application/json', 'x-csrf-token': form.elements.csrf.value },
      body: JSON.stringify({ place: form.dataset.draft, text }),
    }).catch(() => null);
    if (!answer?.ok) return;
    saved = text;
    if (status) status.textContent = status.dataset.saved;
  };

  field.addEventListener('input', () => {
    if (status) status.textContent = '';
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE_MS);
  });
  addEventListener('pagehide', () => void save(true));
}
