import { expect } from 'chai';
import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core';
import {
  ask,
  begin,
  CAPITAL,
  makeTest,
  PI,
  PRIMES,
  studentActor,
  TSAR,
} from '../features/assessments/fixtures.js';
import { startTestApp, type TestApp, type Visitor } from '../support/test-app.js';
import { launchChromium } from './browser.js';

/** Where the keyboard is. `nth`: among the fields of the same name. */
interface Stop {
  readonly tag: string;
  readonly type: string;
  readonly name: string;
  readonly nth: number;
  readonly text: string;
  readonly options: readonly string[];
}

/** A node of the accessibility tree, as the DevTools protocol tells it. */
interface AxNode {
  readonly nodeId: string;
  readonly parentId?: string;
  readonly ignored: boolean;
  readonly backendDOMNodeId?: number;
  readonly role?: { readonly value: string };
  readonly name?: { readonly value: string };
  readonly description?: { readonly value: string };
}

const STOP = `(() => {
  const at = document.activeElement;
  return {
    tag: at.tagName.toLowerCase(),
    type: at.type ?? '',
    name: at.name ?? '',
    nth: at.name ? [...document.getElementsByName(at.name)].indexOf(at) : 0,
    text: at.textContent.trim().replace(/\\s+/g, ' '),
    options: at.tagName === 'SELECT' ? [...at.options].map((option) => option.textContent.trim()) : [],
  };
})()`;

const SVG =
  '<svg xmlns="http://www.w3.org/2000/svg" width="400" height="200"><rect width="400" height="200" fill="#eee"/></svg>';

/** What is chosen or typed, by the name of the field; of selects in their order. Numbers are places of options. */
const CHOSEN: Readonly<Record<string, readonly (string | number)[]>> = {
  q1: [1],
  q2: [0, 1],
  q3: [0],
  q4: ['Пётр'],
  q5: ['3,14'],
  q6: ['Москва', 'Париж'],
  q8: ['Москва', '13', 'Нева'],
  q9: ['Волга', 'Каспийское'],
  q10: [0],
  q11: ['Нева', 'Волга'],
  q12: ['5'],
  q13: ['Потому что так устроен мир'],
};
const ORDER: readonly string[] = ['весна', 'лето', 'осень'];

/** A test with a question of every type, taken without a mouse and read as a screen reader reads it. */
describe('a test of every type, without a mouse', () => {
  let testApp: TestApp;
  let browser: Browser;
  let teacher: Visitor;
  let student: Visitor;
  let context: BrowserContext;
  let page: Page;
  let cdp: CDPSession;
  let attempt: string;

  before(async () => {
    testApp = await startTestApp({ env: { TRUST_PROXY: '1' } });
    browser = await launchChromium();
    teacher = await testApp.launch({ person: '11', course: '2' });
    student = await testApp.launch({ person: '101', course: '2' });
    const { courseId } = await studentActor(testApp);
    const stored = await testApp.app.features.assessments.questionFiles.keep(courseId, '', {
      name: 'поле.svg',
      bytes: Buffer.from(SVG),
    });
    const picture = { image: stored?.id ?? '', imageWidth: '400', imageHeight: '200' };
    const places = { shape: ['rect', 'rect'], coords: ['10,10,100,100', '200,10,300,100'] };
    const test = await makeTest(teacher, { certainty: 'on' }, [
      CAPITAL,
      PRIMES,
      { type: 'truefalse', text: 'Земля круглая', right: 'true' },
      TSAR,
      PI,
      { type: 'matching', text: 'Столицы', prompt: ['Россия', 'Франция'], answer: ['Москва', 'Париж'] },
      { type: 'ordering', text: 'Времена года с начала года', item: ORDER },
      {
        type: 'cloze',
        text: 'О столице',
        body: 'Столица [[Москва]], в ней [[# 13 ± 1]] млн, река [[+Нева / Ока]].',
      },
      { type: 'dragwords', text: 'О реке', body: '[[Волга]] впадает в [[Каспийское]] море' },
      {
        type: 'hotspot',
        text: 'Где слева?',
        ...picture,
        ...places,
        label: ['слева', 'справа'],
        right: ['0'],
      },
      {
        type: 'dragimage',
        text: 'Подпишите',
        ...picture,
        ...places,
        label: ['', ''],
        answer: ['Нева', 'Волга'],
      },
      { type: 'calculated', text: 'Сколько будет {a} и 3?', formula: 'a + 3', variables: 'a = 2 … 2' },
      { type: 'essay', text: 'Почему?' },
      { type: 'file', text: 'Приложите работу' },
    ]);
    attempt = await begin(student, test);
  });
  after(async () => {
    await browser.close();
    await testApp.close();
  });
  beforeEach(async () => {
    context = await browser.newContext({ locale: 'ru-RU' });
    const value = student.browser.cookie(testApp.origin, 'nastavnik') ?? '';
    await context.addCookies([{ name: 'nastavnik', value, url: testApp.origin }]);
    page = await context.newPage();
    cdp = await context.newCDPSession(page);
    await page.goto(student.address(attempt));
  });
  afterEach(() => context.close());

  async function tree(): Promise<AxNode[]> {
    const { nodes } = await cdp.send('Accessibility.getFullAXTree');
    return (nodes as AxNode[]).filter(({ ignored }) => !ignored);
  }
  const nameOf = ({ name }: AxNode): string => name?.value ?? '';
  /** What a node is in the page. */
  async function htmlOf({ backendDOMNodeId = 0 }: AxNode): Promise<string> {
    const { outerHTML } = await cdp.send('DOM.getOuterHTML', { backendNodeId: backendDOMNodeId });
    return outerHTML.slice(0, 200);
  }
  /** What a node is in, the nearest first; also what the tree itself leaves out. */
  async function around(): Promise<(node: AxNode) => AxNode[]> {
    const { nodes } = await cdp.send('Accessibility.getFullAXTree');
    const byId = new Map((nodes as AxNode[]).map((node) => [node.nodeId, node]));
    return (node) => {
      const found: AxNode[] = [];
      for (let at = byId.get(node.parentId ?? ''); at !== undefined; at = byId.get(at.parentId ?? ''))
        found.push(at);
      return found;
    };
  }

  /** Presses Tab until a stop is met. */
  async function tabTo(isThere: (stop: Stop) => boolean): Promise<Stop> {
    for (let count = 0; count < 200; count += 1) {
      await page.keyboard.press('Tab');
      const stop = await page.evaluate<Stop>(STOP);
      if (isThere(stop)) return stop;
    }
    throw new Error('the keyboard does not come there');
  }

  /** Answers the field where the keyboard is. */
  async function answerAt({ tag, type, name, nth, options }: Stop): Promise<void> {
    const wanted = name === 'q7' ? await placeInOrder(nth) : CHOSEN[name];
    if (wanted === undefined) return;
    if (tag === 'select') {
      const text = String(name === 'q8' ? wanted[2] : name === 'q7' ? wanted[0] : wanted[nth]);
      const place = options.indexOf(text);
      for (let step = 0; step < place; step += 1) await page.keyboard.press('ArrowDown');
    } else if (type === 'checkbox') {
      const text = await page.evaluate<string>('document.activeElement.closest("label").textContent.trim()');
      if (['2', '3'].includes(text)) await page.keyboard.press('Space');
    } else if (type === 'radio') {
      await page.keyboard.press('Space');
      const right = name === 'q1' ? 'Москва' : '';
      for (let step = 0; step < 3 && right !== '' && !(await isChosen(right)); step += 1)
        await page.keyboard.press('ArrowDown');
    } else {
      await page.keyboard.type(String(wanted[nth] ?? wanted[0]));
    }
  }
  const isChosen = (text: string): Promise<boolean> =>
    page.evaluate(`document.activeElement.closest('label').textContent.includes(${JSON.stringify(text)})`);
  async function placeInOrder(nth: number): Promise<string[]> {
    const text = await page.evaluate<string>(
      `document.getElementsByName('q7')[${nth}].closest('label').querySelector('span').textContent.trim()`,
    );
    return [String(ORDER.indexOf(text) + 1)];
  }

  it('gives each control a name, and each question’s group its number and text', async () => {
    const nodes = await tree();
    const controls = ['textbox', 'radio', 'checkbox', 'combobox', 'button', 'link', 'spinbutton'];
    const bare = nodes
      .filter(({ role }) => controls.includes(role?.value ?? ''))
      .filter((node) => !nameOf(node));
    expect(bare.map(({ role }) => role?.value)).to.deep.equal([]);
    const groups = nodes.filter(({ role }) => role?.value === 'group');
    const questions = groups.filter((node) => /^Вопрос \d+ из 14/.test(nameOf(node)));
    expect(questions).to.have.length(14);
    expect(questions[0]?.description?.value).to.include('Столица России?');
    expect(questions[13]?.description?.value).to.include('Приложите работу');
    // Twelve of them are marked by the program and ask for certainty, in a group of their own.
    expect(groups.filter((node) => nameOf(node).startsWith('Насколько вы уверены'))).to.have.length(12);
    const above = await around();
    for (const control of nodes.filter(({ role }) => controls.includes(role?.value ?? ''))) {
      const within = above(control).filter(({ role, ignored }) => role?.value === 'group' && !ignored);
      expect(within.filter((group) => nameOf(group) === '').length, nameOf(control)).to.equal(0);
      if (['radio', 'checkbox'].includes(control.role?.value ?? ''))
        expect(within, nameOf(control)).to.not.have.length(0);
    }
    const nameless = groups.filter((node) => nameOf(node) === '');
    expect(await Promise.all(nameless.map(htmlOf))).to.deep.equal([]);
    expect(nodes.filter(({ role }) => role?.value === 'main')).to.have.length(1);
  });

  it('announces what is wrong: a conflict as an alert, a loss of the line as a status', async () => {
    const status = () => page.locator('[role=status]');
    await context.setOffline(true);
    await tabTo(({ name }) => name === 'q4');
    await page.keyboard.type('Пётр');
    await status().filter({ hasText: 'Нет связи' }).waitFor();
    await context.setOffline(false);
    await status().filter({ hasText: 'Ответы сохранены' }).waitFor();
    // Another window changes the same answer.
    const save = { response: 'Иван', revision: 1, save: 'another-window' };
    expect((await ask(student, 'PUT', `${attempt}/answers/4`, save)).status).to.equal(200);
    await page.keyboard.type(' I');
    await page.locator('[role=alert]').waitFor();
    const nodes = await tree();
    const alert = nodes.find(({ role }) => role?.value === 'alert');
    const above = await around();
    const said = nodes.filter((node) => above(node).some(({ nodeId }) => nodeId === alert?.nodeId));
    expect(said.map(nameOf).join(' '))
      .to.include('Этот ответ изменён в другом окне')
      .and.include('Оставить мой');
    await tabTo(({ text }) => text === 'Оставить мой');
    await page.keyboard.press('Enter');
    await status().filter({ hasText: 'Ответы сохранены' }).waitFor();
    await ask(student, 'PUT', `${attempt}/answers/4`, { response: '', revision: 3, save: 'empty-again' });
  });

  it('keeps what is answered in another network than the test allows, says why, and sends it later', async () => {
    const bound = await begin(student, await makeTest(teacher, { networks: '127.0.0.0/8' }, [TSAR]));
    await page.goto(student.address(bound));
    await page.setExtraHTTPHeaders({ 'x-forwarded-for': '198.51.100.4' });
    const status = page.locator('[role=status]');
    await tabTo(({ name }) => name === 'q1');
    await page.keyboard.type('Пётр');
    await status.filter({ hasText: 'Из этой сети отвечать нельзя' }).waitFor();
    expect((await ask(student, 'GET', bound)).data.questions[0]?.given).to.equal('');
    await page.setExtraHTTPHeaders({});
    await status.filter({ hasText: 'Ответы сохранены' }).waitFor();
    expect((await ask(student, 'GET', bound)).data.questions[0]?.given).to.equal('Пётр');
  });

  it('is answered and finished by keyboard alone, a file included', async () => {
    const seen = new Set<string>();
    // Asked for early: Chromium hands the chooser over from some time after the question on.
    const chooser = page.waitForEvent('filechooser');
    await tabTo(({ tag, text }) => tag === 'a' && text === 'Приложить файл');
    await page.keyboard.press('Enter');
    await page.locator('[name=file]').waitFor();
    await tabTo(({ type }) => type === 'file');
    await page.keyboard.press('Enter');
    await (
      await chooser
    ).setFiles({ name: 'работа.txt', mimeType: 'text/plain', buffer: Buffer.from('Работа') });
    await tabTo(({ tag, type }) => tag === 'button' && type === 'submit');
    await page.keyboard.press('Enter');
    await page.getByText('работа.txt').first().waitFor();
    await page.goto(student.address(attempt));

    for (;;) {
      const stop = await tabTo(({ name, text }) => /^[qc]\d+$/.test(name) || text === 'Завершить');
      if (stop.text === 'Завершить') break;
      seen.add(stop.name);
      if (stop.name.startsWith('q')) await answerAt(stop);
      else {
        await page.keyboard.press('Space');
        await page.keyboard.press('ArrowDown');
        await page.keyboard.press('ArrowDown');
      }
    }
    expect(seen.size, [...seen].join()).to.equal(13 + 12);
    await page.keyboard.press('Enter');
    await page.waitForURL(/done=assessments\.finished/);
    const { attempt: finished } = (await ask(student, 'GET', attempt)).data;
    const waiting = 2;
    expect(finished.score).to.equal(finished.maximum - waiting);
  });
});
