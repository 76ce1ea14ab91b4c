import type { Locale } from '../../../i18n/index.js';
import { SECOND, type Clock } from '../../../shared/clock.js';
import { createLoader } from '../../../shared/loader.js';
import type { PersonName } from '../../../shared/names.js';
import type { AddressesStore, ChannelAddress } from '../channels/addresses.store.js';
import { MESSENGERS, type MessengerName } from '../channels/channel.js';
import type { ChannelSettingsStore } from '../channels/settings.store.js';
import type { Preferences, PreferencesStore } from '../preferences/preferences.store.js';
import type { QuietHours } from '../schedule/days.js';
import type { Addressee, FindAddressees } from './card-recipients.js';
import type { Choices, Reach } from './routing.js';

/** A person with what sending needs. */
export interface ReachedPerson {
  readonly personId: string;
  readonly name: PersonName;
  /** '' where no mail can be sent. */
  readonly email: string;
  readonly locale: Locale;
  /** IANA name. */
  readonly zone: string;
  readonly quiet: QuietHours;
  readonly preferences: Preferences;
  /** Those that work. */
  readonly addresses: readonly ChannelAddress[];
  readonly reach: Reach;
}

export interface Recipients {
  /** Returns null for a person who is erased or merged. */
  find(personId: string): Promise<ReachedPerson | null>;
  findMany(personIds: readonly string[]): Promise<ReadonlyMap<string, ReachedPerson>>;
  /** Zones and hours of many people, for the daily lists. */
  hoursOf(
    personIds: readonly string[],
  ): Promise<ReadonlyMap<string, Pick<Preferences, 'morningAt' | 'eveningAt'> & { readonly zone: string }>>;
  /** Messengers that the administrator has switched on; as of three seconds ago at most. */
  enabledMessengers(): Promise<readonly MessengerName[]>;
}

export interface RecipientsDeps {
  readonly preferences: Pick<PreferencesStore, 'findMany' | 'usual'>;
  readonly addresses: Pick<AddressesStore, 'listOfMany'>;
  readonly settings: Pick<ChannelSettingsStore, 'find'>;
  readonly findAddressees: FindAddressees;
  /** The centre's own language and zone. */
  readonly centre: () => Promise<{ readonly locale: Locale; readonly zone: string }>;
  /** Whether mail can be sent to an address. */
  readonly mayMail: (address: string) => boolean;
  readonly clock: Clock;
}

const MEMO_MS = 3 * SECOND;

export function createRecipients(deps: RecipientsDeps): Recipients {
  let memo: { readonly until: number; readonly names: Promise<readonly MessengerName[]> } | undefined;

  async function readEnabled(): Promise<readonly MessengerName[]> {
    const all = await Promise.all(MESSENGERS.map((name) => deps.settings.find(name)));
    return MESSENGERS.filter((_name, at) => all[at]?.enabled === true);
  }
  function enabledMessengers(): Promise<readonly MessengerName[]> {
    const now = deps.clock.now().getTime();
    if (memo === undefined || now >= memo.until || now < memo.until - MEMO_MS) {
      const names = readEnabled();
      memo = { until: now + MEMO_MS, names };
      names.catch(() => (memo = undefined));
    }
    return memo.names;
  }

  async function findMany(personIds: readonly string[]): Promise<Map<string, ReachedPerson>> {
    const [people, preferences, addresses, centre, enabled] = await Promise.all([
      deps.findAddressees(personIds),
      deps.preferences.findMany(personIds),
      deps.addresses.listOfMany(personIds),
      deps.centre(),
      enabledMessengers(),
    ]);
    const about = { centre, enabled, mayMail: deps.mayMail };
    return new Map(
      [...people].map(([personId, person]) => [
        personId,
        reachedPerson(personId, person, {
          ...about,
          preferences: preferences.get(personId) ?? deps.preferences.usual,
          all: addresses.get(personId) ?? [],
        }),
      ]),
    );
  }

  return {
    enabledMessengers,
    findMany,
    find: createLoader(findMany),

    async hoursOf(personIds) {
      const [known, centre] = await Promise.all([deps.preferences.findMany(personIds), deps.centre()]);
      return new Map(
        personIds.map((id) => {
          const { morningAt, eveningAt, zone } = known.get(id) ?? deps.preferences.usual;
          return [id, { morningAt, eveningAt, zone: zone === '' ? centre.zone : zone }];
        }),
      );
    },
  };
}

interface Circumstances {
  readonly preferences: Preferences;
  readonly all: readonly ChannelAddress[];
  readonly centre: { readonly locale: Locale; readonly zone: string };
  readonly enabled: readonly MessengerName[];
  readonly mayMail: (address: string) => boolean;
}

function reachedPerson(
  personId: string,
  person: Addressee,
  { preferences, all, centre, enabled, mayMail }: Circumstances,
): ReachedPerson {
  const addresses = all.filter(({ brokenAt }) => brokenAt === null);
  const bounced = all.some(({ channel, address }) => channel === 'mail' && address === person.email);
  const email = mayMail(person.email) && !bounced ? person.email : '';
  const zone = preferences.zone === '' ? centre.zone : preferences.zone;
  return {
    personId,
    name: person.name,
    email,
    locale: preferences.locale === '' ? centre.locale : preferences.locale,
    zone,
    quiet: quietOf(preferences, zone),
    preferences,
    addresses,
    reach: {
      mail: email !== '',
      messengers: enabled.filter((name) => addresses.some(({ channel }) => channel === name)),
      push: addresses.some(({ channel }) => channel === 'push'),
      ...choicesOf(preferences),
    },
  };
}

const choicesOf = ({ chosen, decided, known, ownKinds, ownChosen, unsubscribed }: Preferences): Choices => ({
  chosen,
  decided,
  known,
  ownKinds,
  ownChosen,
  unsubscribed,
});

/** Both ends must be chosen. */
function quietOf({ quietFrom, quietTo }: Preferences, zone: string): QuietHours {
  if (quietFrom === '' || quietTo === '') return { from: 0, to: 0, zone };
  return { from: Number(quietFrom) * 60, to: Number(quietTo) * 60, zone };
}
