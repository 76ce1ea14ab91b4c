import { HOUR } from '../../../src/shared/clock.js';
import type { TestApp, Visitor } from '../../support/test-app.js';
import { dataOf } from '../directory/support.js';

export interface ShownMessage {
  readonly subject: string;
  readonly text: string;
  readonly to: { readonly address: string };
  readonly calendar: { readonly method: string; readonly content: string } | null;
  readonly unsubscribeUrl: string;
}

export interface Listed {
  readonly id: string;
  readonly kind: string;
  readonly subject: string;
  readonly lines: readonly string[];
  readonly path: string;
  readonly unread: boolean;
}

/** Mails of the outbox, newest first, after all background work. */
export async function mailsOf(testApp: TestApp, address?: string): Promise<ShownMessage[]> {
  await testApp.app.jobs.drain();
  const all = (await testApp.app.mail.outbox?.list(200)) ?? [];
  return all.filter(({ to }) => address === undefined || to.address === address);
}

export async function listOf(testApp: TestApp, visitor: Visitor): Promise<Listed[]> {
  await testApp.app.jobs.drain();
  return (await dataOf<{ items: Listed[] }>(visitor, 'notifications')).items;
}

export async function unreadOf(testApp: TestApp, visitor: Visitor): Promise<Listed[]> {
  await testApp.app.jobs.drain();
  return (await dataOf<{ unread: Listed[] }>(visitor, '')).unread;
}

/** Moves the clock to the next whole hour of UTC plus so many hours and minutes, and does what is due. */
export async function moveTo(testApp: TestApp, moment: Date): Promise<void> {
  const ms = moment.getTime() - testApp.clock.now().getTime();
  if (ms > 0) testApp.clock.advance(ms);
  await testApp.app.jobs.drain();
}

export const inHours = (testApp: TestApp, hours: number): Date =>
  new Date(testApp.clock.now().getTime() + hours * HOUR);

/** The person behind a visitor, as the tool knows them. */
export async function personOf(testApp: TestApp, sub: string): Promise<{ id: string; email: string }> {
  const found = await testApp.app.features.membership.people.findOptionalBySub(testApp.registration.id, sub);
  if (found === null) throw new Error(`no person ${sub}`);
  return found;
}

/** Takes quiet hours and daily lists away, so that the hour of the day does not matter to a test. */
export async function wakeAlways(visitor: Visitor, changes: Record<string, unknown> = {}): Promise<void> {
  const saved = await visitor.json('POST', 'notifications/preferences', {
    locale: 'ru',
    zone: '',
    quietFrom: '',
    quietTo: '',
    morningAt: '',
    eveningAt: '',
    digestAt: '',
    chosen: [
      'consultations:mail',
      'reminders:mail',
      'daily:mail',
      'tests:mail',
      'grades:mail',
      'course:mail',
    ],
    ...changes,
  });
  if (saved.status !== 303) throw new Error(`${saved.status} ${JSON.stringify(saved.data)}`);
}

/** What the page of preferences shows, as tests look at it. */
export interface ShownPreferences {
  readonly values: Readonly<Record<string, string>>;
  readonly channels: readonly { readonly name: string; readonly state: string }[];
  readonly topics: readonly {
    readonly topic: string;
    readonly cells: readonly { readonly channel: string; readonly chosen: boolean }[];
    readonly kinds: readonly {
      readonly kind: string;
      readonly own: boolean;
      readonly obligatory: boolean;
      readonly cells: readonly object[];
    }[];
  }[];
  readonly offers: readonly { readonly channel: string; readonly url: string; readonly code: string }[];
}

export const preferencesOf = (visitor: Visitor): Promise<ShownPreferences> =>
  dataOf<ShownPreferences>(visitor, 'notifications/preferences');

/** `linked`, `broken` or `off`. */
export const stateOf = async (visitor: Visitor, channel: string): Promise<string> =>
  (await preferencesOf(visitor)).channels.find(({ name }) => name === channel)?.state ?? '';
