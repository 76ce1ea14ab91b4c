import type { Request } from 'express';
import { z } from 'zod';
import type { Actor } from '../../../shared/actor.js';
import type { Registry } from '../../../shared/registry.js';

/** What a booking is about beside its question, kept by another feature: for example questions of a test. */
export interface BookingTopic {
  readonly title: string;
  /** Of the page about the whole, below the course. */
  readonly path: string;
  readonly lines: readonly string[];
}

/** A kind of topic. A feature adds its own while the application is built. */
export interface TopicSource {
  readonly kind: string;
  /** Returns null if it is gone, or not the actor's to see. */
  describe(actor: Actor, id: string): Promise<BookingTopic | null>;
}

/** `<kind>-<record id>`, as it stands in addresses and bookings. */
export const topicName = z.string().regex(/^[a-z]{1,20}-[0-9a-f]{24}$/);

/** The topic that an address or a form names; '' for none. */
export function topicOf(req: Pick<Request, 'query' | 'body'>): string {
  const sent = (req.body as { topic?: unknown } | undefined)?.topic ?? req.query.topic;
  const read = topicName.safeParse(sent);
  return read.success ? read.data : '';
}

export interface Topics {
  /** Returns null for '', and for what is gone or not the actor's to see. */
  describe(actor: Actor, topic: string): Promise<BookingTopic | null>;
}

export const createTopics = (sources: Pick<Registry<TopicSource>, 'all'>): Topics => ({
  async describe(actor, topic) {
    const [kind, id = ''] = topic.split('-');
    const source = sources.all().find((candidate) => candidate.kind === kind);
    return topic === '' || source === undefined ? null : source.describe(actor, id);
  },
});
