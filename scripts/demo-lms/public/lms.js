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
