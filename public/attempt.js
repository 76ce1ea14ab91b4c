// Saves answers as they are given, and sends them again until the server has acknowledged them. What is not
// acknowledged yet stays in this browser. Without this script the page's form saves and finishes by itself.

const STORE = 'nastavnik:attempt:';
/** A pause in typing after which an answer goes. */
const TYPING_MS = 800;
const RETRY_MS = [1_000, 2_000, 5_000, 10_000, 20_000];
/** A request that takes longer is sent again; the server knows it by its `save`. */
const TIMEOUT_MS = 15_000;

const form = document.querySelector('form[data-attempt]');
const over = document.querySelector('[data-attempt-over]');
if (form) takeTest(form);
if (over) storage((store) => store.removeItem(STORE + over.dataset.attemptOver));

/** Browsers may forbid storage inside a frame: answers are then only as safe as the page. */
function storage(use) {
  try {
    return use(localStorage);
  } catch {
    return null;
  }
}

/** Tells one save from another. */
const newToken = () => Math.random().toString(36).slice(2, 12).padEnd(10, '0') + Date.now().toString(36);

function takeTest(page) {
  const { attempt, answers, page: address } = page.dataset;
  const status = page.querySelector('.saving');
  const token = page.elements.csrf.value;
  let tries = 0;
  let timer;
  let ended = false;

  // Per question: `base`, the revision that the server has; `sent`, a save that is not acknowledged yet;
  // `dirty`, whether there is something newer than that.
  const questions = [...page.querySelectorAll('[data-question]')].map((element) => ({
    element,
    number: element.dataset.question,
    base: Number(element.dataset.revision),
    sent: null,
    dirty: false,
    stale: false,
    busy: null,
  }));
  const fields = ({ element, number }) => element.querySelectorAll(`[name="q${number}"]`);
  const valueOf = (question) =>
    [...fields(question)]
      .filter((field) => (field.type === 'radio' || field.type === 'checkbox' ? field.checked : true))
      .map((field) => field.value)
      .filter((value) => value.trim() !== '');
  const show = (question, values) => {
    for (const field of fields(question)) {
      if (field.type === 'radio' || field.type === 'checkbox') field.checked = values.includes(field.value);
      else field.value = values[0] ?? '';
    }
  };
  const waiting = () => questions.filter((one) => !one.stale && (one.sent || one.dirty));

  function say(text, kind = '') {
    status.textContent = text;
    status.className = `saving ${kind}`;
  }

  /** Keeps in the browser what the server has not acknowledged. */
  function keep() {
    const unsent = Object.fromEntries(
      questions
        .filter((one) => one.sent || one.dirty)
        .map((one) => [one.number, { base: one.base, sent: one.sent, value: valueOf(one) }]),
    );
    storage((store) => {
      if (Object.keys(unsent).length === 0) store.removeItem(STORE + attempt);
      else store.setItem(STORE + attempt, JSON.stringify(unsent));
    });
  }

  function acknowledge(question, revision) {
    question.base = revision;
    question.sent = null;
    page.elements[`r${question.number}`].value = String(revision);
  }

  /** Sends what a question holds until nothing is left. @returns whether all of it is acknowledged */
  function send(question) {
    question.busy ??= sendAll(question).finally(() => {
      question.busy = null;
    });
    return question.busy;
  }

  async function sendAll(question) {
    while (!ended && !question.stale && (question.sent || question.dirty)) {
      if (!question.sent) {
        question.sent = { save: newToken(), response: valueOf(question) };
        question.dirty = false;
      }
      keep();
      say(page.dataset.saving);
      const { save, response } = question.sent;
      const answer = await put(question.number, { save, response, revision: question.base });
      if (answer === null) return false;
      if (answer.revision !== undefined) {
        acknowledge(question, answer.revision);
        clock.set(answer.left);
      } else if (answer.code === 'answer-stale') {
        refuse(question);
      } else if (answer.code === 'attempt-over' || answer.code === 'attempt-finished') {
        end();
      } else {
        // A response that is never going to fit must not be sent for ever; the form says what is wrong.
        question.sent = null;
        question.element.classList.add('unfit');
      }
    }
    keep();
    return true;
  }

  /** @returns the server's answer, or null when there was none that settles anything */
  async function put(number, body) {
    try {
      const response = await fetch(`${answers}/${number}`, {
        method: 'PUT',
        headers: {
          Accept: 'application/json',
          'Content-Type': 'application/json',
          'X-CSRF-Token': token,
        },
        body: JSON.stringify(body),
        // Goes out even when the page is left.
        keepalive: true,
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      if (response.status === 401 || response.status === 403) {
        ended = true;
        say(page.dataset.signedOut, 'lost');
        return null;
      }
      if (response.status >= 500 || response.status === 429 || response.status === 408) return null;
      return await response.json();
    } catch {
      return null;
    }
  }

  /** Sends all that waits; tries again later what did not arrive. */
  async function flush() {
    clearTimeout(timer);
    timer = undefined;
    const all = waiting();
    if (all.length === 0 || ended) return !ended;
    const arrived = (await Promise.all(all.map(send))).every(Boolean);
    if (ended) return false;
    if (!arrived) {
      say(page.dataset.lost, 'lost');
      timer ??= setTimeout(flush, RETRY_MS[Math.min(tries, RETRY_MS.length - 1)]);
      tries += 1;
      return false;
    }
    tries = 0;
    if (waiting().length > 0) return flush();
    if (questions.every((one) => !one.stale)) say(page.dataset.saved);
    return questions.every((one) => !one.stale);
  }

  /** The attempt is finished, here or elsewhere: its page now shows the result. */
  function end() {
    ended = true;
    say(page.dataset.ended);
    for (const one of questions) {
      one.sent = null;
      one.dirty = false;
    }
    keep();
    location.assign(address);
  }

  /** Somebody changed this answer elsewhere: the person decides which one stays. */
  function refuse(question) {
    question.stale = true;
    const notice = document.createElement('div');
    notice.className = 'notice bad';
    notice.setAttribute('role', 'alert');
    const text = document.createElement('p');
    text.textContent = page.dataset.stale;
    notice.append(
      text,
      button(page.dataset.mine, () => settle(question, notice, true)),
      ' ',
      button(page.dataset.theirs, () => settle(question, notice, false)),
    );
    question.element.append(notice);
    say('');
  }

  function button(text, act) {
    const made = document.createElement('button');
    made.type = 'button';
    made.className = 'small outline';
    made.textContent = text;
    made.addEventListener('click', act);
    return made;
  }

  async function settle(question, notice, mine) {
    let stored;
    try {
      const response = await fetch(address, { headers: { Accept: 'application/json' } });
      const data = await response.json();
      stored = data.questions[Number(question.number) - 1];
      if (data.attempt.state !== 'open') return end();
    } catch {
      return say(page.dataset.lost, 'lost');
    }
    acknowledge(question, stored.revision);
    question.stale = false;
    question.dirty = mine;
    if (!mine) {
      show(
        question,
        stored.options
          ? stored.options.filter((one) => one.chosen).map((one) => one.value)
          : stored.given === ''
            ? []
            : [stored.given],
      );
    }
    notice.remove();
    keep();
    return flush();
  }

  function changed(event, pause) {
    const question = questions.find(({ element }) => element.contains(event.target));
    if (!question || !event.target.name?.startsWith('q')) return;
    question.dirty = true;
    question.element.classList.remove('unfit');
    keep();
    // While the connection is lost, the next try comes by itself.
    if (tries > 0 && timer !== undefined) return;
    clearTimeout(timer);
    timer = setTimeout(flush, pause);
  }

  page.addEventListener('input', (event) => changed(event, TYPING_MS));
  page.addEventListener('change', (event) => changed(event, 0));
  addEventListener('online', () => {
    tries = 0;
    void flush();
  });
  addEventListener('pagehide', () => void flush());
  addEventListener('beforeunload', (event) => {
    if (!ended && waiting().length > 0) event.preventDefault();
  });

  // Enter in a line of text must not leave the page.
  page.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && event.target instanceof HTMLElement && event.target.matches('input')) {
      event.preventDefault();
      void flush();
    }
  });

  // The form finishes once everything has arrived, and once the person is sure.
  const unanswered = page.querySelector('.unanswered');
  let goes = false;
  page.addEventListener('submit', (event) => {
    if (goes) return;
    event.preventDefault();
    // The house's guard against double clicks must not count this one.
    event.stopPropagation();
    const pressed = event.submitter;
    const missing = questions.filter((one) => valueOf(one).length === 0).map(({ number }) => number);
    if (pressed?.dataset.finish !== undefined && missing.length > 0) {
      unanswered.querySelector('p').textContent = page.dataset.left.replace('{list}', missing.join(', '));
      unanswered.hidden = false;
      unanswered.scrollIntoView({ block: 'nearest' });
      unanswered.querySelector('button').focus();
      return;
    }
    void finish();
  });

  async function finish() {
    if (!(await flush())) {
      questions.find((one) => one.stale)?.element.scrollIntoView();
      return;
    }
    // A form that is just telling of a submission takes no other one.
    setTimeout(() => {
      goes = true;
      page.requestSubmit(page.querySelector('[data-finish]'));
      // Coming back with the browser's button, the page works again.
      goes = false;
    });
  }

  /** There is no time left to ask which of two answers stays: the stored one does. */
  function timeIsOver() {
    for (const one of questions.filter(({ stale }) => stale)) {
      one.stale = false;
      one.sent = null;
      one.dirty = false;
    }
    return finish();
  }

  /** Ticks between the server's words; at the end it finishes with what is there. */
  const clock = (() => {
    const element = page.querySelector('.clock');
    let until = null;
    let tick;
    const draw = () => {
      clearTimeout(tick);
      const left = Math.max(0, Math.round((until - Date.now()) / 1000));
      element.querySelector('strong').textContent =
        `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`;
      element.classList.toggle('soon', left <= 60);
      if (left > 0) tick = setTimeout(draw, 500);
      else if (!ended) void timeIsOver().then(() => (tick = setTimeout(draw, 5_000)));
    };
    const set = (left) => {
      if (!element || left === null || left === undefined) return;
      until = Date.now() + left * 1000;
      draw();
    };
    return { element, set };
  })();

  // What an earlier visit could not send is taken up again.
  const kept = storage((store) => JSON.parse(store.getItem(STORE + attempt) ?? '{}')) ?? {};
  for (const question of questions) {
    const unsent = kept[question.number];
    if (!unsent || !Array.isArray(unsent.value)) continue;
    show(question, unsent.value);
    question.sent = unsent.sent;
    question.base = unsent.base;
    question.dirty = !unsent.sent || JSON.stringify(unsent.sent.response) !== JSON.stringify(unsent.value);
  }
  page.querySelector('[data-save]')?.setAttribute('hidden', '');
  clock.set(clock.element ? Number(clock.element.dataset.left) : null);
  void flush();
}
