import { z } from 'zod';
import { defineJob, exponential, type Jobs } from '../../../infra/jobs/index.js';
import { HOUR, MINUTE, SECOND } from '../../../shared/clock.js';
import type { Bot } from './bot.service.js';
import { MESSENGERS, type Channel, type MessengerName } from './channel.js';
import type { ChannelSettingsStore } from './settings.store.js';

export interface PollingDeps {
  readonly jobs: Jobs;
  readonly settings: Pick<ChannelSettingsStore, 'find' | 'findMarker' | 'saveMarker'>;
  readonly channelOf: (name: string) => Channel | null;
  readonly bot: Pick<Bot, 'take'>;
}

/** Events of messengers that cannot call us. */
export interface Polling {
  /** Begins to ask a messenger, if the administrator has set it so. */
  begin(name: MessengerName): Promise<void>;
}

/** Longer than the pause after which the schedule asks again: so nothing is left unasked between two runs. */
const RUN_MS = 5 * MINUTE + 20 * SECOND;
/** A messenger that answers this soon and tells nothing holds no question open, and is asked again by the schedule. */
const HELD_MS = SECOND;

/**
 * Asks messengers for events where they cannot call us. One job per messenger, so that one process asks at a time: a
 * second one would be refused. The marker is saved after its events are done: killed between, they are done again, and
 * codes and buttons work once.
 */
export function addPollingJobs({ jobs, settings, channelOf, bot }: PollingDeps): Polling {
  let ending = false;
  jobs.addSource({
    start: () => void (ending = false),
    // A question that is held open ends within seconds.
    stop: () => Promise.resolve(void (ending = true)),
    sweep: () => Promise.resolve(0),
  });
  const job = jobs.register(
    defineJob({
      name: 'poll-messenger',
      payload: z.object({ channel: z.enum(MESSENGERS) }),
      key: ({ channel }) => channel,
      laneKey: ({ channel }) => channel,
      retry: exponential({ first: 5 * SECOND, factor: 2, upTo: MINUTE, giveUp: HOUR }),
      timeoutMs: 7 * MINUTE,
      async run({ payload, signal }) {
        const until = performance.now() + RUN_MS;
        while (performance.now() < until && !ending && !signal.aborted) {
          if (!(await pollOnce(payload.channel))) return;
        }
      },
    }),
  );

  /** Returns whether it makes sense to ask again at once. */
  async function pollOnce(name: string): Promise<boolean> {
    const channel = channelOf(name);
    if (channel?.poll === undefined) return false;
    // The administrator may have switched it off meanwhile.
    const { enabled, config } = await settings.find(channel.name);
    if (!enabled || config.receive !== 'polling') return false;
    const before = await settings.findMarker(channel.name);
    const askedAt = performance.now();
    const { incoming, marker } = await channel.poll(config, before);
    await bot.take(channel, config, incoming);
    if (marker !== before) await settings.saveMarker(channel.name, marker);
    return incoming.length > 0 || performance.now() - askedAt >= HELD_MS;
  }

  jobs.schedule({
    name: 'notify-polling',
    cron: '*/5 * * * *',
    async run() {
      for (const name of MESSENGERS) await begin(name);
    },
  });

  async function begin(name: MessengerName): Promise<void> {
    const { enabled, config } = await settings.find(name);
    if (enabled && config.receive === 'polling') await jobs.enqueue(job, { channel: name });
  }
  return { begin };
}
