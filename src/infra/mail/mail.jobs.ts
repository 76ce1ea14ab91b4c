import { z } from 'zod';
import { DAY, HOUR, MINUTE } from '../../shared/clock.js';
import { defineJob, exponential, FinalError, RetryableError, type Jobs } from '../jobs/index.js';
import { MailError } from './mail-error.js';
import type { Mail } from './mail.js';
import type { MailDraft } from './message.js';

/** A kind of message. The feature that has something to say defines it once, at start. */
export interface MailTopic {
  /** kebab-case, such as `booking-cancelled`; stays the same for ever, for it is stored. */
  readonly name: string;
  /**
   * Writes the message from what is true now.
   * @param id of the record that the message is about
   * @returns null when there is nothing to say any more, or the person has no address
   */
  draft(id: string): Promise<Omit<MailDraft, 'key'> | null>;
}

/** The way of a message from the feature that has something to say to the mail server. */
export interface MailQueue {
  defineTopic(topic: MailTopic): void;
  /** Has a message written and delivered, once per topic and id. Does nothing when mail is off. */
  send(topic: MailTopic, id: string): Promise<void>;
}

/** A mail server that was down, or refused a login, for this long is beyond waiting for. */
const GIVE_UP_MS = 3 * DAY;

export function createMailQueue(mail: Mail, jobs: Jobs): MailQueue {
  const topics = new Map<string, MailTopic>();
  const sendMail = jobs.register(
    defineJob({
      name: 'send-mail',
      payload: z.object({ topic: z.string(), id: z.string() }),
      key: ({ topic, id }) => `${topic}:${id}`,
      retry: exponential({ first: MINUTE, upTo: HOUR, giveUp: GIVE_UP_MS }),
      async run({ payload: { topic, id }, key }) {
        const draft = await topics.get(topic)?.draft(id);
        if (draft) await deliverInJob(mail, { ...draft, key });
      },
    }),
  );
  return {
    defineTopic(topic) {
      topics.set(topic.name, topic);
    },
    async send(topic, id) {
      if (mail.mode !== 'off') await jobs.enqueueOnce(sendMail, { topic: topic.name, id });
    },
  };
}

/** Writes and delivers a message, within a job. @throws FinalError, RetryableError */
export async function deliverInJob(mail: Pick<Mail, 'compose' | 'deliver'>, draft: MailDraft): Promise<void> {
  try {
    await mail.deliver(await mail.compose(draft));
  } catch (error) {
    if (!(error instanceof MailError)) throw error;
    if (error.final) throw new FinalError(error.message);
    throw new RetryableError(error.message, { laneDown: error.serverDown, cause: error });
  }
}
