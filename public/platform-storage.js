// OIDC Login with LTI Client Side postMessages 1.0: the platform's own page keeps a login, where the browser keeps
// no cookies of ours. Only pages of the launch load this.

const platform = window.parent === window ? window.opener : window.parent;
const ANSWER_MS = 2_000;

/** Sends a message, and waits for its answer from that very window, and origin where one is given. */
function ask(target, origin, message) {
  return new Promise((resolve, reject) => {
    const message_id = window.crypto.randomUUID?.() ?? String(Math.random());
    const end = (settle, value) => {
      window.removeEventListener('message', heard);
      clearTimeout(timer);
      settle(value);
    };
    const heard = ({ data, source, origin: from }) => {
      if (source !== target || (origin !== '*' && from !== origin)) return;
      if (data?.message_id !== message_id || data.subject !== `${message.subject}.response`) return;
      end(data.error ? reject : resolve, data);
    };
    const timer = setTimeout(() => {
      end(reject, new Error('no answer'));
    }, ANSWER_MS);
    addEventListener('message', heard);
    target.postMessage({ ...message, message_id }, origin);
  });
}

/** A frame of the platform's by its name, or the platform's page itself. */
function frameOf(name) {
  const frame = !name || name === '_parent' ? platform : platform.frames[name];
  if (!frame) throw new Error('no such frame');
  return frame;
}

async function keep({ keep: key, value, target, origin, goOn }) {
  const answer = await ask(frameOf(target), origin, { subject: 'lti.put_data', key, value });
  if (answer.value === value) location.replace(goOn);
}

/** Which frame it was is asked anew: this page knows nothing of the one that kept it. */
async function getBack(key, origins) {
  const { supported_messages: able = [] } = await ask(platform, '*', { subject: 'lti.capabilities' });
  const reader = able.find(({ subject }) => subject === 'lti.get_data');
  const target = frameOf(reader?.frame);
  const answers = origins.map((origin) => ask(target, origin, { subject: 'lti.get_data', key }));
  return (await Promise.any(answers)).value;
}

const kept = document.querySelector('[data-keep]');
// Where it fails the page stands as it is, with its way out.
if (kept && platform) keep(kept.dataset).catch(() => undefined);

const form = document.querySelector('form[data-ask]');
if (form && platform) {
  const [busy, problem] = [form.querySelector('[aria-busy]'), document.querySelector('.problem')];
  const show = (asking) => {
    busy.hidden = !asking;
    problem.hidden = asking;
  };
  show(true);
  getBack(form.dataset.ask, form.dataset.origins.split(' '))
    .then((value) => {
      if (typeof value !== 'string') throw new Error('nothing kept');
      form.elements.kept_login.value = value;
      form.submit();
    })
    .catch(() => {
      show(false);
    });
}
