import type { PersonName } from '../../../shared/names.js';
import type { AttestationsStore } from '../../schedule/index.js';
import type { SeriesStore } from '../series/series.store.js';
import type { ConsultationMessage, MessagesStore } from './messages.store.js';

/** A message as those to whom it goes are told of it. */
export interface ToldMessage extends Pick<ConsultationMessage, 'courseId' | 'kind' | 'text' | 'personIds'> {
  /** What it is about: a series or an attestation. */
  readonly title: string;
  readonly teacher: PersonName | null;
  /** Of the page where it leads, below the course. */
  readonly path: string;
}

export interface ToldMessageDeps {
  readonly messages: Pick<MessagesStore, 'findOptional'>;
  readonly series: Pick<SeriesStore, 'findMany'>;
  readonly attestations: Pick<AttestationsStore, 'findOptional'>;
  readonly findPeople: (ids: readonly string[]) => Promise<{ readonly name: PersonName }[]>;
}

/** Returns null if what the message is about is gone. */
export const findToldMessage =
  ({ messages, series, attestations, findPeople }: ToldMessageDeps) =>
  async (id: string): Promise<ToldMessage | null> => {
    const message = await messages.findOptional(id);
    if (message === null) return null;
    const { courseId, kind, text, personIds, seriesId, attestationId, by } = message;
    const [found] = seriesId === '' ? [] : await series.findMany([seriesId]);
    const attestation =
      attestationId === '' ? null : await attestations.findOptional(courseId, attestationId);
    const title = found?.title ?? attestation?.title;
    if (title === undefined) return null;
    const [teacher] = await findPeople([by]);
    const path = found === undefined ? 'consultations' : `consultations/${found.id}`;
    return { courseId, kind, text, personIds, title, teacher: teacher?.name ?? null, path };
  };
