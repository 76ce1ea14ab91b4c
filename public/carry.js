// Deep Linking in a window of its own: the platform's dialog is around the frame that opened the window, so the frame
// posts the answer. Pages of a launch that open a window, and the page with the answer load this.

const CARRY = 'nastavnik.carry';
const CARRIED = 'nastavnik.carried';
/** Longer than a message between two pages takes; after it the window posts the answer itself. */
const ANSWER_MS = 1_000;

const form = document.getElementById('return');

/** In the window: hands the answer over, and closes. */
function handOver({ opener }, path) {
  const timer = setTimeout(() => form.submit(), ANSWER_MS);
  addEventListener('message', ({ data, source, origin }) => {
    if (source !== opener || origin !== location.origin || data?.subject !== CARRIED) return;
    clearTimeout(timer);
    form.hidden = true;
    document.getElementById('return-text').hidden = true;
    document.getElementById('return-carried').hidden = false;
    window.close();
  });
  // Reaches a page of ours alone; a platform that opened the window itself hears nothing.
  opener.postMessage({ subject: CARRY, path }, location.origin);
}

/** In the frame: goes to the page that posts the answer. */
function carry({ data, source, origin }) {
  if (origin !== location.origin || data?.subject !== CARRY) return;
  if (!/^\/handover\/answer\/[\w-]{32}$/.test(data.path)) return;
  source.postMessage({ subject: CARRIED }, location.origin);
  location.replace(data.path);
}

if (form === null) addEventListener('message', carry);
else if (form.dataset.carry && window.opener && window.top === window) handOver(window, form.dataset.carry);
else form.submit();
