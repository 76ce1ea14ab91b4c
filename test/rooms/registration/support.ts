import type { Registration } from '../../../src/lti/index.js';
import type { House, Visitor } from '../../support/house.js';

export interface LoggedEntry {
  readonly action: string;
  readonly actor: { readonly kind: string; readonly name: string };
  readonly before: Readonly<Record<string, string>>;
  readonly after: Readonly<Record<string, string>>;
}

/** Both sides of dynamic registration, as the tests of it drive them. */
export function registrationDesk(house: House) {
  const { registrations } = house.app.lti;
  return {
    browser: (): Visitor => house.anonymous({ framedBy: house.lms.origin }),
    fieldsOf: (address: string): Record<string, string> => Object.fromEntries(new URL(address).searchParams),
    pathOf: (address: string): string => address.slice(house.origin.length),
    all: (): Promise<Registration[]> => registrations.list(),
    async one(id: string): Promise<Registration> {
      const found = (await registrations.list()).find((each) => each.id === id);
      if (found === undefined) throw new Error(`no registration ${id}`);
      return found;
    },
    /** What the audit log holds last. */
    async newest(): Promise<LoggedEntry> {
      const row = await house.storage.connection
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
      const { url } = await house.app.rooms.registration.invite(house.lms.origin);
      const address = await house.lms.control.registrationUrl(url);
      const done = await this.browser().submit('/lti/register', this.fieldsOf(address));
      const clientId = /Client ID<\/dt><dd><code>([^<]+)/.exec(done.body)?.[1];
      const made = (await registrations.list()).find((each) => each.clientId === clientId);
      if (made === undefined) throw new Error(`not connected: ${done.status}\n${done.body}`);
      const [tool] = house.lms.control.tools().filter((each) => each.clientId === clientId);
      house.lms.control.activateTool(tool!.id);
      return made;
    },
    /** What the page that was looked at sends when its button is pressed. */
    formOf: (body: string): Record<string, string> =>
      Object.fromEntries(
        [...body.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g)].map(([, name, value]) => [
          name,
          (value ?? '').replaceAll('&amp;', '&'),
        ]),
      ) as Record<string, string>,
  };
}

export type RegistrationDesk = ReturnType<typeof registrationDesk>;
