import type { Jobs } from '../../../infra/jobs/index.js';
import type { Clock } from '../../../shared/clock.js';
import type { Attestation, AttestationsStore } from '../../schedule/index.js';
import type { Invite } from '../messages/invitations.js';
import type { MessagesStore } from '../messages/messages.store.js';
import { isRequired } from '../messages/obligations.service.js';
import { MOST_INVITE_DAYS } from '../series/series.fields.js';
import type { Series, SeriesStore } from '../series/series.store.js';
import { addDays } from '../../../shared/days.js';

export interface InvitingDeps {
  readonly jobs: Pick<Jobs, 'schedule'>;
  readonly attestations: Pick<AttestationsStore, 'listBetween'>;
  readonly series: Pick<SeriesStore, 'ofAttestation'>;
  readonly messages: Pick<MessagesStore, 'lastInvitedAt'>;
  readonly invite: Invite;
  readonly clock: Clock;
}

/** Series that must be booked before an attestation. */
const requiredOf = (all: readonly Series[]): Series[] =>
  all.filter((found) => found.state === 'active' && isRequired(found));

/**
 * Returns the day on which those who have not booked are invited by themselves, `YYYY-MM-DD`; '' for none.
 * @param all the series before the attestation; the first that invites decides
 */
export function invitationDay({ on }: Pick<Attestation, 'on'>, all: readonly Series[]): string {
  const days = Math.max(0, ...requiredOf(all).map(({ inviteDays }) => inviteDays));
  return days === 0 ? '' : addDays(on, -days);
}

/**
 * Invites those who have not booked what is required before an attestation, so many days before it as its series say,
 * unless a teacher has invited them in these days.
 */
export function addInvitingJob({ jobs, attestations, series, messages, invite, clock }: InvitingDeps): void {
  async function inviteTo(attestation: Attestation, today: string): Promise<void> {
    const { id, courseId } = attestation;
    const required = requiredOf(await series.ofAttestation(courseId, id));
    const begins = invitationDay(attestation, required);
    const [first] = required;
    if (first === undefined || begins === '' || today < begins) return;
    const about = { seriesId: '', attestationId: id };
    const invitedAt = await messages.lastInvitedAt(courseId, about);
    if (invitedAt !== null && invitedAt >= new Date(begins)) return;
    await invite({ courseId, seriesIds: required.map((found) => found.id), about, by: first.teacherId });
  }

  jobs.schedule({
    name: 'invite-before-attestations',
    // In the morning of the zones from Moscow to Omsk.
    cron: '0 6 * * *',
    async run() {
      const today = clock.now().toISOString().slice(0, 10);
      const due = await attestations.listBetween(addDays(today, 1), addDays(today, MOST_INVITE_DAYS));
      for (const attestation of due) await inviteTo(attestation, today);
    },
  });
}
