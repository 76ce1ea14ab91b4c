/* global document, window, addEventListener, location, HTMLFormElement, HTMLIFrameElement */

// A form that only passes things on sends itself.
const auto = document.querySelector('form[data-auto]');
if (auto instanceof HTMLFormElement) {
  auto.hidden = true;
  auto.submit();
}

// A frame whose work is done takes its page back to the course.
const leave = document.querySelector('a[data-leave]');
if (leave !== null && window.top !== window) window.top.location.href = leave.href;

const parsed = (data) => {
  if (typeof data !== 'string') return data;
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
};

addEventListener('message', ({ data, source }) => {
  const message = parsed(data);
  const frame = [...document.querySelectorAll('iframe.tool')].find(
    (candidate) => candidate.contentWindow === source,
  );
  // Dynamic registration is over, in the frame or in a window of its own.
  const closesTo = document.querySelector('[data-closes-to]')?.dataset.closesTo;
  if (message?.subject === 'org.imsglobal.lti.close' && closesTo !== undefined) {
    if (frame === undefined && source !== window) source?.close();
    location.href = closesTo;
  }
  // The tool says how tall it is.
  if (message?.subject === 'lti.frameResize' && message.height > 0 && frame instanceof HTMLIFrameElement) {
    frame.style.height = `${Math.min(Number(message.height), 10_000)}px`;
  }
});

// Client Side postMessages 1.0: this page, or a hidden frame in it, keeps data for tools, for each by its origin.
const target = document.querySelector('[data-storage]')?.dataset.storage;
const kept = new Map();
const MOST_BYTES = 4096;

const answers = {
  'lti.capabilities': () => ({
    supported_messages: ['lti.capabilities', 'lti.put_data', 'lti.get_data'].map((subject) => ({
      subject,
      ...(subject !== 'lti.capabilities' && target !== '_parent' && { frame: target }),
    })),
  }),
  'lti.put_data': ({ key, value }, origin) => {
    if (typeof key !== 'string' || (value !== null && typeof value !== 'string'))
      return { error: { code: 'bad_request', message: 'key and value are texts' } };
    if (key.length + (value?.length ?? 0) > MOST_BYTES)
      return { error: { code: 'storage_exhaustion', message: 'too long' } };
    kept.set(`${origin} ${key}`, value);
    return { key, value };
  },
  'lti.get_data': ({ key }, origin) => ({ key, value: kept.get(`${origin} ${key}`) }),
};

addEventListener('message', ({ data, source, origin }) => {
  const answer = Object.hasOwn(answers, data?.subject ?? '') ? answers[data.subject] : undefined;
  // Where a frame keeps the data, the page around it only says so.
  if (target === undefined || answer === undefined) return;
  if (target !== '_parent' && data.subject !== 'lti.capabilities') return;
  const { subject, message_id } = data;
  source.postMessage({ subject: `${subject}.response`, message_id, ...answer(data, origin) }, origin);
});
