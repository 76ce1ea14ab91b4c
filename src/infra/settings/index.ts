import { SECOND, type Clock } from '../../shared/clock.js';
import type { Storage } from '../../storage/index.js';
import { createCentreStore, type Settings, type Stored } from './settings.store.js';

export { answerRules, type AnswerRules } from './answer-rules.js';
export { hoursBefore, settingsFields } from './settings.fields.js';
export type { AdmittedPlatform, Settings, Stored } from './settings.store.js';

export interface CentreDeps {
  readonly storage: Storage;
  readonly clock: Clock;
}

/** What the administrator has set for the centre as a whole; one document, the same for all processes. */
export interface CentreSettings {
  /** As of three seconds ago at most. A promise only when it has to be read: every request asks. */
  now(): Settings | Promise<Settings>;
  /** As it is stored, for a change of it. */
  find(): Promise<Stored>;
  /** Writes over exactly this version. @returns false when there is another by now */
  save(version: number, settings: Settings): Promise<boolean>;
}

/** What another process has changed is seen after this long. */
const MEMO_MS = 3 * SECOND;

export function createCentre({ storage, clock }: CentreDeps): CentreSettings {
  const store = createCentreStore(storage.connection);
  let memo: { readonly from: number; said: Settings | Promise<Settings> } | undefined;

  function read(from: number): { readonly from: number; said: Settings | Promise<Settings> } {
    const reading = store.find().then(({ settings }) => settings);
    const begun: NonNullable<typeof memo> = { from, said: reading };
    reading.then(
      (settings) => (begun.said = settings),
      () => {
        if (memo === begun) memo = undefined;
      },
    );
    return begun;
  }

  return {
    now() {
      const at = clock.now().getTime();
      if (memo === undefined || at - memo.from >= MEMO_MS || at < memo.from) memo = read(at);
      return memo.said;
    },
    find: () => store.find(),
    async save(version, settings) {
      try {
        return await store.save(version, settings);
      } finally {
        memo = undefined;
      }
    },
  };
}
