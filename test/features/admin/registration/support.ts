import type { Registration } from '../../../../src/lti/index.js';
import type { TestApp, Visitor } from '../../../support/test-app.js';

export interface LoggedEntry {
  readonly action: string;
  readonly actor: { readonly kind: string; readonly name: string };
  readonly before: Readonly<Record<string, string>>;
  readonly after: Readonly<Record<string, string>>;
}

/** Both sides of dynamic registration, as the tests of it drive them. */
export function registrationFixture(testApp: TestApp) {
  const { registrations } = testApp.app.lti;
  return {
    browser: (): Visitor => testApp.anonymous({ framedBy: testApp.lms.origin }),
    fieldsOf: (address: string): Record<string, string> => Object.fromEntries(new URL(address).searchParams),
    pathOf: (address: string): string => address.slice(testApp.origin.length),
    all: (): Promise<Registration[]> => registrations.list(),
    async registration(id: string): Promise<Registration> {
      const found = (await registrations.list()).find((each) => each.id === id);
      if (found === undefined) throw new Error(`no registration ${id}`);
      return found;
    },
    /** What the audit log holds last. */
    async newest(): Promise<LoggedEntry> {
      const row = await testApp.storage.connection
        .model('Audit')
        .findOne()
        .sort({ at: -1, _id: -1 })
        .lean<{ action: string; actor: LoggedEntry['actor']; before: string; after: string }>();
      if (row === null) throw new Error('the log is empty');
      const values = (text: string) => JSON.parse(text) as Record<string, string>;
      return { ...row, before: values(row.before), after: values(row.after) };
    },
    /** Connects the LMS anew by an ordinary link, as the administrators of both would. */
    async connect(): Promise<Registration> {
      const { url } = await testApp.app.features.registration.invite(testApp.lms.origin);
      const address = await testApp.lms.control.registrationUrl(url);
      const done = await this.browser().submit('/lti/register', this.fieldsOf(address));
      const clientId = /Client ID<\/dt>\s*<dd>\s*<code>([^<]+)/.exec(done.body)?.[1];
      const made = (await registrations.list()).find((each) => each.clientId === clientId);
      if (made === undefined) throw new Error(`not connected: ${done.status}\n${done.body}`);
      const [tool] = testApp.lms.control.tools().filter((each) => each.clientId === clientId);
      testApp.lms.control.activateTool(tool!.id);
      return made;
    },
    /** What the page that was looked at sends when its button is pressed. */
    formOf: (body: string): Record<string, string> =>
      Object.fromEntries(
        [...body.matchAll(/<input\s+type="hidden"\s+name="(\w+)"\s+value="([^"]*)"/g)].map(
          ([, name, value]) => [name, (value ?? '').replaceAll('&amp;', '&')],
        ),
      ) as Record<string, string>,
  };
}

export type RegistrationFixture = ReturnType<typeof registrationFixture>;
