import { Browser, launch, type BrowserResponse } from '../../support/lms.js';
import { answerOf, type Answer, type Attack, type Lab } from './lab.js';

/** Client Side postMessages 1.0: logins that the platform keeps, and seats that are handed over to a window. */

/** A login of a browser that keeps no cookies, up to its page. */
async function uncookied(lab: Lab, changes: Readonly<Record<string, string | undefined>>) {
  const { lms } = lab.testApp;
  const browser = new Browser({ framedBy: lms.origin, thirdParty: 'blocked' });
  const initiation = lms.control.initiation('101', '2', lms.control.homeLink('2').id);
  const { response } = await launch(lms, {
    person: '101',
    initiation,
    browser,
    changeInitiation: changes,
  });
  return { browser, response };
}

const attribute = (page: BrowserResponse, name: string): string =>
  (new RegExp(`data-${name}="([^"]*)"`).exec(page.text)?.[1] ?? '')
    .replaceAll('&#34;', '"')
    .replaceAll('&amp;', '&');

/** A launch whose login the platform keeps. @returns what was kept, and the launch that is yet to be sent */
async function kept(lab: Lab) {
  const { browser, response } = await uncookied(lab, { lti_storage_target: '_parent' });
  const asked = await browser.get(attribute(response, 'go-on'), { from: lab.testApp.origin });
  const again = asked.forms.find(({ fields }) => 'repost' in fields);
  const page = again === undefined ? asked : await browser.submit(asked, again);
  const { fields } = page.forms.find((form) => 'id_token' in form.fields)!;
  return { browser, value: attribute(response, 'value'), fields };
}

const prove = async (
  lab: Lab,
  { browser, fields, value }: Awaited<ReturnType<typeof kept>>,
  from = lab.testApp.origin,
): Promise<BrowserResponse> =>
  browser.post(`${lab.testApp.origin}/lti/launch`, { ...fields, kept_login: value }, { from, follow: false });

const STORAGE: readonly Attack[] = [
  ...['"><script>alert(1)</script>', 'javascript:alert(1)', '../x', 'a b', 'x'.repeat(101), ''].map(
    (target): Attack => ({
      name: `storage target ${target.slice(0, 30)}`,
      answer: 'is no offer',
      async run(lab) {
        const { response } = await uncookied(lab, { lti_storage_target: target });
        const offered = response.text.includes('data-keep') || response.text.includes('<script>alert');
        return response.status === 200 && !offered ? 'is no offer' : `${response.status}, taken`;
      },
    }),
  ),
  ...['https://evil.example', 'null', 'http://localhost', 'lms'].map((origin): Attack => ({
    name: `a kept login, from the page of ${origin}`,
    answer: '403 lti-state-cookie',
    async run(lab) {
      const from = origin === 'lms' ? lab.testApp.lms.origin : origin;
      const launched = await kept(lab);
      return answerOf(
        await launched.browser.request(`${lab.testApp.origin}/lti/launch`, {
          method: 'POST',
          form: { ...launched.fields, kept_login: launched.value },
          headers: { origin: from },
          follow: false,
        }),
      );
    },
  })),
  {
    name: 'a kept login, with the state and token of another login',
    answer: '403 lti-state-cookie',
    async run(lab) {
      const [mine, theirs] = [await kept(lab), await kept(lab)];
      return answerOf(await prove(lab, { ...theirs, value: mine.value }));
    },
  },
  {
    name: 'a kept login, with the own state and another login’s token',
    answer: '403 lti-nonce',
    async run(lab) {
      const [mine, theirs] = [await kept(lab), await kept(lab)];
      const fields = { ...mine.fields, id_token: theirs.fields.id_token! };
      return answerOf(await prove(lab, { ...mine, fields }));
    },
  },
  {
    name: 'a kept login, twice in one request',
    answer: '400 lti-doubled-parameter',
    async run(lab) {
      const { fields, value } = await kept(lab);
      const form = new URLSearchParams([
        ...Object.entries(fields),
        ['kept_login', value],
        ['kept_login', value],
      ]);
      return lab.send('/lti/launch', { form: form.toString(), headers: { origin: lab.testApp.origin } });
    },
  },
  {
    name: 'the cookie’s login as a kept one',
    answer: '403 lti-state-cookie',
    async run(lab) {
      const { browser, posted } = await lab.hold();
      const cookie = decodeURIComponent(browser.cookie(lab.testApp.origin, `state${posted.state}`) ?? '');
      return answerOf(await prove(lab, { browser: lab.another(), fields: { ...posted }, value: cookie }));
    },
  },
];

/** The code that hands a proven launch over to a window of its own. */
async function handed(lab: Lab): Promise<string> {
  const page = await prove(lab, await kept(lab));
  return page.forms.find(({ fields }) => 'code' in fields)?.fields.code ?? `no code: ${page.status}`;
}

const hand = (lab: Lab, body: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> =>
  lab.send('/handover', {
    form: body,
    headers: { origin: lab.testApp.origin, ...headers },
  });

const HANDOVERS: readonly Attack[] = [
  {
    name: 'a seat handed over twice',
    answer: '303 | 403 handover-over',
    async run(lab) {
      const code = await handed(lab);
      return [`${await hand(lab, `code=${code}`)} | ${await hand(lab, `code=${code}`)}`];
    },
  },
  {
    name: 'a seat handed over by another site, or by none',
    answer: '403 foreign-origin',
    async run(lab) {
      const code = await handed(lab);
      return [
        await hand(lab, `code=${code}`, { origin: 'https://evil.example' }),
        await hand(lab, `code=${code}`, { origin: lab.testApp.lms.origin }),
        await lab.send('/handover', { form: `code=${code}` }),
      ];
    },
  },
  {
    name: 'a seat’s code in another case, twice, as a list, and as an operator',
    answer: 'refused',
    async run(lab) {
      const code = await handed(lab);
      const other = code === code.toUpperCase() ? code.toLowerCase() : code.toUpperCase();
      const json = { 'content-type': 'application/json' };
      const answers = [
        await hand(lab, `code=${other}`),
        await hand(lab, `code=${code}&code=${code}`),
        await hand(lab, JSON.stringify({ code: [code] }), json),
        await hand(lab, JSON.stringify({ code: { $ne: '' } }), json),
        await lab.send(`/handover?code=${code}`),
      ];
      return answers.map((answer) => (/^4\d\d/.test(answer) ? 'refused' : answer));
    },
  },
];

export const COOKIELESS: readonly Attack[] = [...STORAGE, ...HANDOVERS];
