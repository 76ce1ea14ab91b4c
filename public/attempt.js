// Saves answers as they are given, and sends them again until the server has acknowledged them. What is not
// acknowledged yet stays in this browser. Without this script the page's form saves and finishes by itself.

const STORE = 'nastavnik:attempt:';
const DATABASE = 'nastavnik';
const UNSENT = 'unsent';
/** A pause in typing after which an answer goes. */
const TYPING_MS = 800;
const RETRY_MS = [1_000, 2_000, 5_000, 10_000, 20_000];
/** A request that takes longer is sent again; the server knows it by its `save`. */
const TIMEOUT_MS = 15_000;
/** Letters of a request that goes out even when the page is left: browsers take 64 KB of all such requests together. */
const MOST_KEPT_ALIVE = 15_000;
/** Refusals after which nothing is answered any more: the attempt's page says what came of it. */
const ENDED = ['attempt-over', 'attempt-finished', 'attempt-overdue', 'attempt-abandoned'];
/** A browser's database that has not answered by then is done without. */
const DATABASE_MS = 5_000;

const form = document.querySelector('form[data-attempt]');
const over = document.querySelector('[data-attempt-over]');
if (form) takeTest(form);
if (over) keepUnsent(over.dataset.attemptOver, null);

/**
 * Asks the browser's database. It outlives a reload and a closed window; localStorage is asked as well, for it is
 * written at once when a page is left. Browsers may forbid both inside a frame: answers are then as safe as the page.
 */
function database(mode, use) {
  return new Promise((resolve) => {
    try {
      const opening = globalThis.indexedDB.open(DATABASE, 1);
      opening.onupgradeneeded = () => opening.result.createObjectStore(UNSENT);
      opening.onerror = () => resolve(null);
      opening.onsuccess = () => {
        const base = opening.result;
        const transaction = base.transaction(UNSENT, mode);
        const asked = use(transaction.objectStore(UNSENT));
        transaction.oncomplete = () => {
          base.close();
          resolve(asked.result ?? null);
        };
        transaction.onabort = () => resolve(null);
      };
    } catch {
      resolve(null);
    }
  });
}

function storage(use) {
  try {
    return use(localStorage);
  } catch {
    return null;
  }
}

/** Keeps what the server has not acknowledged of an attempt; null: nothing. `at` orders the two places. */
function keepUnsent(attempt, unsent) {
  const kept = unsent && { ...unsent, at: Date.now() };
  storage((store) =>
    kept ? store.setItem(STORE + attempt, JSON.stringify(kept)) : store.removeItem(STORE + attempt),
  );
  void database('readwrite', (store) => (kept ? store.put(kept, attempt) : store.delete(attempt)));
}

/** What an earlier visit could not send. */
async function unsentOf(attempt) {
  const quick = storage((store) => JSON.parse(store.getItem(STORE + attempt) ?? 'null'));
  const kept = await Promise.race([
    database('readonly', (store) => store.get(attempt)),
    new Promise((resolve) => setTimeout(resolve, DATABASE_MS, null)),
  ]);
  return [quick, kept].filter(Boolean).sort((a, b) => b.at - a.at)[0] ?? {};
}

/** Tells one save from another. */
const newToken = () => Math.random().toString(36).slice(2, 12).padEnd(10, '0') + Date.now().toString(36);

/** "2 д 3:00:00", "1:05:09", "5:09". */
function leftText(left, days) {
  const two = (value) => String(value).padStart(2, '0');
  const [d, h, m, s] = [
    Math.floor(left / 86_400),
    Math.floor(left / 3_600) % 24,
    Math.floor(left / 60) % 60,
    left % 60,
  ];
  const clock = d > 0 || h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
  return d > 0 ? `${days.replace('{days}', d)} ${clock}` : clock;
}

function takeTest(page) {
  const { attempt, answers, page: address } = page.dataset;
  const status = page.querySelector('.saving');
  const token = page.elements.csrf.value;
  let tries = 0;
  let timer;
  let ended = false;
  // Finishing was asked for while there was no line: it is carried out when it is back.
  let wantsFinish = false;
  // Why nothing arrives: there is no line, or the test is not answered from this network.
  let trouble = page.dataset.lost;
  // Whether what an earlier visit could not send has been taken up. Until then nothing is sent or written over it.
  let taken = false;

  // Per question: `base`, the revision that the server has; `sent`, a save that is not acknowledged yet;
  // `dirty`, whether there is something newer than that; `unfit`, the notice of a response that is not accepted;
  // `saved`, what was acknowledged last.
  // One that is checked has nothing to send any more.
  const questions = [...page.querySelectorAll('[data-question]:not([data-checked])')].map((element) => ({
    element,
    number: element.dataset.question,
    base: Number(element.dataset.revision),
    sent: null,
    dirty: false,
    stale: false,
    unfit: null,
    saved: null,
    busy: null,
  }));
  const fields = ({ element, number }) => [...element.querySelectorAll(`[name="q${number}"]`)];
  const isChoice = ({ type }) => type === 'radio' || type === 'checkbox';
  // Where a question has several fields that are typed or chosen in, each has its place, also an empty one.
  const valueOf = (question) => {
    const values = fields(question)
      .filter((field) => !isChoice(field) || field.checked)
      .map((field) => field.value);
    return values.every((value) => value.trim() === '') ? [] : values;
  };
  const show = (question, values, certainty = '') => {
    for (const level of levels(question)) level.checked = level.value === certainty;
    for (const [place, field] of fields(question).entries()) {
      if (isChoice(field)) field.checked = values.includes(field.value);
      else field.value = values[place] ?? '';
    }
  };
  /** Whether the page shows something else than the server sent: it was answered before this script listened. */
  const isTouched = (field) => {
    if (isChoice(field)) return field.checked !== field.defaultChecked;
    if (field.type !== 'select-one') return field.value !== field.defaultValue;
    const sent = [...field.options].findIndex(({ defaultSelected }) => defaultSelected);
    return field.selectedIndex !== Math.max(0, sent);
  };
  // How sure the student is, where the test asks.
  const levels = ({ element, number }) => [...element.querySelectorAll(`[name="c${number}"]`)];
  const certaintyOf = (question) => levels(question).find(({ checked }) => checked)?.value ?? '';
  const waiting = () => questions.filter((question) => !question.stale && (question.sent || question.dirty));
  const givenIn = (question) => ({ response: valueOf(question), certainty: certaintyOf(question) });
  const asText = ({ response, certainty = '' }) => JSON.stringify([response, certainty]);
  const isSaved = (question) =>
    !question.sent && !question.dirty && question.saved === asText(givenIn(question));
  const isUnsettled = ({ stale, unfit }) => stale || unfit;
  /** What the person has to decide or to mend before the test can end. */
  const unsettled = () => questions.find(isUnsettled);

  // Words that come while a button is held down could move it from under the pointer: its click would be lost.
  let held = false;
  const afterwards = [];
  const letGo = () => {
    held = false;
    for (const act of afterwards.splice(0)) act();
  };
  page.addEventListener('pointerdown', () => {
    held = true;
  });
  // The click comes after it.
  for (const type of ['pointerup', 'pointercancel', 'blur']) addEventListener(type, () => setTimeout(letGo));
  const whenLetGo = (act) => (held ? void afterwards.push(act) : act());

  function say(text, kind = '') {
    whenLetGo(() => {
      status.textContent = text;
      status.className = `saving ${kind}`;
    });
  }

  /** Keeps in the browser what the server has not acknowledged. */
  function keep() {
    if (!taken) return;
    const unsent = Object.fromEntries(
      questions
        .filter((question) => question.sent || question.dirty || question.unfit)
        .map((question) => [
          question.number,
          {
            base: question.base,
            sent: question.sent,
            value: valueOf(question),
            certainty: certaintyOf(question),
          },
        ]),
    );
    if (wantsFinish) unsent.finish = true;
    keepUnsent(attempt, Object.keys(unsent).length === 0 ? null : unsent);
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
        question.sent = { save: newToken(), ...givenIn(question) };
        question.dirty = false;
      }
      keep();
      say(page.dataset.saving);
      const answer = await put(question.number, { ...question.sent, revision: question.base });
      if (answer === null) return false;
      if (answer.revision !== undefined) {
        question.saved = asText(question.sent);
        acknowledge(question, answer.revision);
        clock.set(answer.left);
      } else if (answer.code === 'answer-stale') {
        refuse(question);
      } else if (ENDED.includes(answer.code)) {
        end();
      } else {
        // A response that is never going to fit must not be sent for ever.
        question.sent = null;
        if (!question.dirty) question.unfit ??= notice(question, page.dataset.unfit);
      }
    }
    keep();
    return true;
  }

  /** @returns the server's answer, or null when there was none that settles anything */
  async function put(number, sent) {
    const body = JSON.stringify(sent);
    try {
      const response = await fetch(`${answers}/${number}`, {
        method: 'PUT',
        headers: {
          Accept: 'application/json',
          'Content-Type': 'application/json',
          'X-CSRF-Token': token,
        },
        body,
        // Goes out even when the page is left.
        keepalive: body.length <= MOST_KEPT_ALIVE,
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      return (await settles(response)) ? await response.json() : null;
    } catch {
      trouble = page.dataset.lost;
      return null;
    }
  }

  /** Whether a response says what came of the request. Otherwise it says why not, and what is unsent stays here. */
  async function settles(response) {
    if (await isElsewhere(response)) return false;
    if (response.status === 401 || response.status === 403) {
      ended = true;
      say(page.dataset.signedOut, 'lost');
      return false;
    }
    trouble = page.dataset.lost;
    return response.status < 500 && response.status !== 429 && response.status !== 408;
  }

  /** Whether the test is not answered from here: what is unsent stays in the browser and is tried again. */
  async function isElsewhere(response) {
    if (response.status !== 403) return false;
    const { code } = await response.clone().json();
    if (code === 'network-refused') trouble = page.dataset.elsewhere;
    return code === 'network-refused';
  }

  /** Sends all that waits; tries again later what did not arrive. */
  async function flush() {
    clearTimeout(timer);
    timer = undefined;
    if (!taken) await ready;
    const all = waiting();
    if (ended) return false;
    if (all.length === 0) return wantsFinish ? finish() : !unsettled();
    const arrived = (await Promise.all(all.map(send))).every(Boolean);
    if (ended) return false;
    if (!arrived) {
      say(trouble, 'lost');
      timer ??= setTimeout(flush, RETRY_MS[Math.min(tries, RETRY_MS.length - 1)]);
      tries += 1;
      return false;
    }
    tries = 0;
    if (waiting().length > 0) return flush();
    if (unsettled()) {
      say('');
      return false;
    }
    if (wantsFinish) return finish();
    say(page.dataset.saved);
    return true;
  }

  /** The attempt is finished, here or elsewhere: its page now shows the result. */
  function end() {
    ended = true;
    wantsFinish = false;
    say(page.dataset.ended);
    for (const question of questions) {
      question.sent = null;
      question.dirty = false;
      question.unfit = null;
    }
    keep();
    location.assign(address);
  }

  /** This answer was changed elsewhere: the person decides which one stays. */
  function refuse(question) {
    question.stale = true;
    const said = notice(
      question,
      page.dataset.stale,
      button(page.dataset.mine, () => settle(question, said, true)),
      ' ',
      button(page.dataset.theirs, () => settle(question, said, false)),
    );
    say('');
  }

  /** @returns the notice, which a screen reader reads out when it appears below the question */
  function notice(question, text, ...more) {
    const made = document.createElement('div');
    made.className = 'notice bad';
    made.setAttribute('role', 'alert');
    const words = document.createElement('p');
    words.textContent = text;
    made.append(words, ...more);
    whenLetGo(() => question.element.append(made));
    return made;
  }

  function button(text, act) {
    const made = document.createElement('button');
    made.type = 'button';
    made.className = 'small outline';
    made.textContent = text;
    made.addEventListener('click', act);
    return made;
  }

  async function settle(question, said, mine) {
    let stored;
    try {
      const response = await fetch(location.href, { headers: { Accept: 'application/json' } });
      const data = await response.json();
      stored = data.questions.find(({ number }) => String(number) === question.number);
      if (data.attempt.state !== 'inProgress') return end();
    } catch {
      return say(page.dataset.lost, 'lost');
    }
    acknowledge(question, stored.revision);
    question.stale = false;
    question.dirty = mine;
    if (!mine) {
      show(question, stored.values, String(stored.certainty?.chosen ?? ''));
    }
    said.remove();
    keep();
    return flush();
  }

  function changed(event, pause) {
    const question = questions.find(({ element }) => element.contains(event.target));
    if (!question || !/^[qc]\d+$/.test(event.target.name ?? '')) return;
    // The field is left: what was typed in it has been saved already.
    if (event.type === 'change' && isSaved(question)) return;
    question.dirty = true;
    question.unfit?.remove();
    question.unfit = null;
    keep();
    // While the connection is lost, the next try comes by itself.
    if (tries > 0 && timer !== undefined) return;
    clearTimeout(timer);
    timer = setTimeout(flush, pause);
  }

  // Told to the teacher as information: the page lost the focus, a text was pasted.
  function tell(kind, question = '') {
    if (ended) return;
    void fetch(page.dataset.log, {
      method: 'POST',
      headers: { Accept: 'application/json', 'Content-Type': 'application/json', 'X-CSRF-Token': token },
      body: JSON.stringify({ kind, question }),
      keepalive: true,
    }).catch(() => undefined);
  }
  let away = false;
  const look = () => {
    const now = document.hidden || !document.hasFocus();
    if (now !== away) tell(now ? 'left' : 'back');
    away = now;
  };
  document.addEventListener('visibilitychange', look);
  addEventListener('blur', look);
  addEventListener('focus', look);
  page.addEventListener('paste', (event) => {
    const question = questions.find(({ element }) => element.contains(event.target));
    if (question) tell('pasted', Number(question.number));
  });

  page.addEventListener('input', (event) => changed(event, TYPING_MS));
  page.addEventListener('change', (event) => changed(event, 0));
  addEventListener('online', () => {
    tries = 0;
    void flush();
  });
  addEventListener('pagehide', () => void flush());
  addEventListener('beforeunload', (event) => {
    if (!ended && (wantsFinish || waiting().length > 0)) event.preventDefault();
  });

  // Words may be dragged into their gaps; the lists in the gaps do the same from the keyboard.
  for (const word of page.querySelectorAll('[data-words]:not([data-captions] *) > *')) {
    word.draggable = true;
    word.addEventListener('dragstart', (event) =>
      event.dataTransfer.setData('text/plain', word.textContent.trim()),
    );
  }
  for (const gap of page.querySelectorAll('.gaps select')) {
    gap.addEventListener('dragover', (event) => event.preventDefault());
    gap.addEventListener('drop', (event) => {
      event.preventDefault();
      const text = event.dataTransfer.getData('text/plain');
      const option = [...gap.options].find((choice) => choice.textContent.trim() === text);
      if (!option) return;
      gap.value = option.value;
      gap.dispatchEvent(new Event('change', { bubbles: true }));
    });
  }

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
    if (['hint', 'turn', 'check'].some((name) => pressed?.dataset[name] !== undefined)) {
      void leaveBy(pressed);
      return;
    }
    const missing = questions
      .filter((question) => fields(question).length > 0 && valueOf(question).length === 0)
      .map(({ number }) => number);
    const asks =
      missing.length > 0 ? page.dataset.left.replace('{list}', missing.join(', ')) : page.dataset.last;
    if (pressed?.dataset.finish !== undefined && asks !== undefined) {
      unanswered.querySelector('p').textContent = asks;
      unanswered.hidden = false;
      unanswered.scrollIntoView({ block: 'nearest' });
      unanswered.querySelector('button').focus();
      return;
    }
    void finish();
  });

  /** Sends what waits, and then the form by this button: to a hint, or to another page. */
  async function leaveBy(pressed) {
    if (!(await flush())) {
      unsettled()?.element.scrollIntoView();
      return;
    }
    // What has arrived is not sent once more: another window may have changed it since.
    for (const field of page.querySelectorAll('input[name^="r"]')) field.disabled = true;
    setTimeout(() => {
      goes = true;
      page.requestSubmit(pressed);
      // Coming back with the browser's button, the page works again.
      goes = false;
    });
  }

  /** Finishes with the answers that the server has: those of this page have arrived, others are not touched. */
  async function finish() {
    wantsFinish = false;
    if (!(await flush())) {
      const left = unsettled();
      if (left) left.element.scrollIntoView();
      else if (!ended) finishLater();
      return false;
    }
    const code = await post(page.action);
    if (code === null) return ended ? false : finishLater();
    ended = true;
    keep();
    location.assign(code === '' ? `${address}?done=assessments.finished` : address);
    return true;
  }

  function finishLater() {
    wantsFinish = true;
    keep();
    say(trouble === page.dataset.lost ? page.dataset.finishLater : trouble, 'lost');
    timer ??= setTimeout(flush, RETRY_MS[Math.min(tries, RETRY_MS.length - 1)]);
    tries += 1;
    return false;
  }

  /** @returns '' when it was done, the code of a refusal, null when there was no answer that settles anything */
  async function post(url) {
    try {
      const response = await fetch(url, {
        method: 'POST',
        redirect: 'manual',
        headers: {
          Accept: 'application/json',
          'Content-Type': 'application/json',
          'X-CSRF-Token': token,
        },
        body: '{}',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      if (response.type === 'opaqueredirect' || response.ok) return '';
      return (await settles(response)) ? ((await response.json()).code ?? 'refused') : null;
    } catch {
      return null;
    }
  }

  /** There is no time left to ask which of two answers stays, or to mend one: what is stored does. */
  function timeIsOver() {
    for (const question of questions.filter(isUnsettled)) {
      question.stale = false;
      question.unfit = null;
      question.sent = null;
      question.dirty = false;
    }
    return finish();
  }

  /** What is left by the server's clock, in seconds; null when there was no answer. */
  async function ask() {
    try {
      const response = await fetch(address, { headers: { Accept: 'application/json' } });
      const { attempt: now } = await response.json();
      return now.state === 'inProgress' ? now.left : 0;
    } catch {
      return null;
    }
  }

  /**
   * Ticks between the server's words. The device's clock may be put forward, so time passed is the page's own, and
   * before anything ends by it the server is asked.
   */
  const clock = (() => {
    const element = page.querySelector('.clock');
    let until = null;
    let tick;
    const draw = () => {
      clearTimeout(tick);
      const left = Math.max(0, Math.round((until - performance.now()) / 1000));
      element.querySelector('strong').textContent = leftText(left, page.dataset.days);
      element.classList.toggle('soon', left <= 60);
      if (left > 0) tick = setTimeout(draw, 500);
      else if (!ended) void check();
    };
    const check = async () => {
      const left = await ask();
      if (ended) return;
      if (left !== null && left > 0) set(left);
      else if (left === null || !(await timeIsOver())) tick = setTimeout(check, 5_000);
    };
    const set = (left) => {
      if (!element || left === null || left === undefined) return;
      until = performance.now() + left * 1000;
      draw();
    };
    // While a device sleeps, the page's time may stand still.
    document.addEventListener('visibilitychange', async () => {
      if (!element || document.hidden || ended) return;
      const left = await ask();
      if (left !== null && left > 0) set(left);
    });
    return { element, set };
  })();

  /** Takes up what an earlier visit could not send; what was answered on this page meanwhile is newer. */
  function takeUp(kept) {
    for (const question of questions) {
      const unsent = kept[question.number];
      if (question.dirty || !unsent || !Array.isArray(unsent.value)) continue;
      show(question, unsent.value, unsent.certainty);
      question.sent = unsent.sent;
      question.base = unsent.base;
      const { value: response, certainty } = unsent;
      question.dirty = asText(unsent.sent ?? {}) !== asText({ response, certainty });
    }
    wantsFinish ||= kept.finish === true;
    taken = true;
  }

  for (const question of questions) {
    question.dirty = [...fields(question), ...levels(question)].some(isTouched);
  }
  page.querySelector('[data-save]')?.setAttribute('hidden', '');
  clock.set(clock.element ? Number(clock.element.dataset.left) : null);
  const ready = unsentOf(attempt).then(takeUp);
  void flush();
}
