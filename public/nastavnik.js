// Small comforts; every page works without them.

// The server shows dates in the reader's zone once it knows it. Told here, it counts from the next page on;
// the dates of this one are rewritten when they were shown in another. Open pages show the centre's times, the same to
// every visitor, and set no cookie.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const known = /(?:^|; )zone=([^;]+)/.exec(document.cookie);
const shown = document.querySelector('[data-zone]');
if (!document.body.hasAttribute('data-open') && zone && decodeURIComponent(known?.[1] ?? '') !== zone) {
  document.cookie = `zone=${encodeURIComponent(zone)}; Path=/; Max-Age=31536000; Secure; SameSite=None; Partitioned`;
}
if (!document.body.hasAttribute('data-open') && shown && zone && shown.dataset.zone !== zone) {
  const styles = {
    date: { dateStyle: 'long' },
    day: { weekday: 'long', day: 'numeric', month: 'long' },
    datetime: { weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' },
    time: { hour: '2-digit', minute: '2-digit' },
    full: { dateStyle: 'full', timeStyle: 'short' },
    shortDay: { day: 'numeric', month: 'short' },
    month: { month: 'long', year: 'numeric' },
  };
  const locale = document.documentElement.lang === 'ru' ? 'ru-RU' : 'en-GB';
  for (const element of document.querySelectorAll('time[data-style]')) {
    const format = new Intl.DateTimeFormat(locale, { timeZone: zone, ...styles[element.dataset.style] });
    element.textContent = format.format(new Date(element.dateTime));
  }
  // Browsers do not name zones as the server does: the next page says the name.
  const offset = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'shortOffset' })
    .formatToParts()
    .find(({ type }) => type === 'timeZoneName').value;
  shown.textContent = shown.dataset.zoneText.replace('{zone}', offset.replace('GMT', 'UTC'));
}

// Where the tool fills the window, nothing of the LMS is around it.
if (window.top === window) {
  for (const element of document.querySelectorAll('[data-top]')) element.hidden = false;
}

// After a change the page begins at the message that says what was done, unless it goes on at a field of its own.
if (!document.querySelector('[autofocus]')) document.querySelector('.toast')?.focus();

// A refused form begins at the first field that has to be changed, which may lie far below.
const wrong = document.querySelector('[autofocus]')
  ? null
  : document.querySelector('main [aria-invalid="true"]');
if (wrong) {
  const fold = wrong.closest('details');
  if (fold) fold.open = true;
  (wrong.matches('fieldset') ? wrong.querySelector('input, select, textarea') : wrong)?.focus();
}

// A second click must not send a form twice.
addEventListener('submit', (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || form.method !== 'post') return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = '1';
});
// Coming back with the browser's button, the form may be sent again.
addEventListener('pageshow', () => {
  for (const form of document.forms) delete form.dataset.sent;
});

// Values to carry over to another system.
for (const button of document.querySelectorAll('[data-copy]')) {
  button.hidden = !navigator.clipboard;
  button.addEventListener('click', async () => {
    const field = document.querySelector(`#${button.dataset.copy}`);
    await navigator.clipboard.writeText(field.value);
    button.textContent = button.dataset.copied;
  });
}

// A file that was waited for is saved without another click; the page, loaded again, saves it no second time.
function saveFile() {
  const link = document.querySelector('a[data-save-now]');
  if (!link) return;
  link.removeAttribute('data-save-now');
  history.replaceState(null, '', location.pathname);
  location.assign(link.href);
}

// What is under way is looked at again until it is known: the page is fetched, and its live parts are taken over.
const waiting = () => document.querySelector('[data-live-waits]') !== null;
const PAUSES_S = [1, 2, 3, 5, 8, 13, 20, 30, 60, 60];
// By the name of a part: what was taken over last.
const taken = new Map();
/** @returns whether anything has changed */
async function takeOver() {
  const answer = await fetch(location.href, { headers: { accept: 'text/html' } });
  if (!answer.ok) return false;
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  let changed = false;
  for (const part of document.querySelectorAll('[data-live]')) {
    const name = part.dataset.live;
    const fresh = page.querySelector(`[data-live="${CSS.escape(name)}"]`);
    if (fresh && taken.get(name) !== fresh.outerHTML) {
      taken.set(name, fresh.outerHTML);
      part.replaceWith(fresh);
      changed = true;
    } else if (!fresh && part.hasAttribute('data-live-waits')) {
      // It is another page now; what is being written on this one is not lost.
      if (document.activeElement?.matches('input, textarea, select')) part.remove();
      else location.reload();
      return false;
    }
  }
  saveFile();
  return changed;
}
async function lookAgain(tries = 0) {
  if (!waiting() || tries >= PAUSES_S.length) return;
  await new Promise((resolve) => setTimeout(resolve, PAUSES_S[tries] * 1000));
  // In a hidden tab nothing is looked at.
  if (document.hidden) {
    await new Promise((resolve) => document.addEventListener('visibilitychange', resolve, { once: true }));
  }
  // Without a line, later; what moves is looked at often.
  const changed = await takeOver().catch(() => false);
  await lookAgain(changed ? 0 : tries + 1);
}
saveFile();
void lookAgain();
