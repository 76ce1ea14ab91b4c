import { LineItemError, type LineItem, type LineItems, type ServiceAccess } from '../../lti/index.js';
import { columnKey, customOf, type Column, type ContentKind, type ContentRef } from '../../shared/content.js';
import { newEvent, type Event } from '../../infra/events/index.js';
import type { Clock } from '../../shared/clock.js';
import type { ResourceLink } from '../launch/index.js';
import { lineItemFound } from './line-items.events.js';
import { contentName, type Knowledge, type SoughtLineItem } from './line-items.store.js';

/** What the search for one link's line item needs. */
export interface Seeking {
  readonly lineItems: LineItems;
  readonly access: ServiceAccess;
  readonly kinds: () => readonly ContentKind[];
  readonly clock: Clock;
  /** Nothing of its course goes to its address any more. */
  readonly forget: (gone: Pick<SoughtLineItem, 'registrationId' | 'courseId' | 'lineItem'>) => Promise<void>;
  /** Keeps what is known by now, and emits. @returns false when another search does the rest */
  readonly note: (known: Knowledge, event?: Event) => Promise<boolean>;
}

type Known = Pick<SoughtLineItem, 'content' | 'lineItem' | 'made' | 'label' | 'scoreMaximum'>;

/**
 * Finds or makes the line item of a link, or brings one that we have made up to date (AGS 2.0, 3.2). Can be done
 * twice: it searches before it makes, and notes before it asks.
 * @returns what is known in the end; null when somebody else does the rest
 * @throws LineItemError
 */
export async function seekLineItem(
  seeking: Seeking,
  row: SoughtLineItem,
  link: ResourceLink,
): Promise<Knowledge | null> {
  if (link.content === null) return {};
  const name = contentName(link.content);
  // The link opens something else now: another column, for the old one holds the old grades.
  const known: Known = row.content === name ? keep(row) : { ...NOTHING, content: name };
  if (row.content !== name && !(await seeking.note(known))) return null;
  const kind = seeking.kinds().find((item) => item.kind === link.content?.kind);
  const column = (await kind?.columnOf?.(link.courseId, link.content.id)) ?? null;
  // Nothing to reach yet: it is looked at again when the content changes.
  if (column === null || column.scoreMaximum <= 0) return known;
  if (known.lineItem !== '') return upToDate(seeking, row, column);
  // Where the launch names a line item there is nothing to look for.
  if (link.lineItem !== '' || link.lineItems === '') return known;
  if (!seeking.lineItems.mayBeFilled(seeking.access)) return { ...known, problem: 'no-scores' };
  const found = await find(seeking, link, link.content, row.lineItem);
  // One that we had asked for, and whose address was lost on the way, is ours.
  const ours = known.made && found?.resourceId === columnKey(link.content).resourceId;
  if (found !== null) return use(seeking, { ...known, made: ours, lineItem: found.id }, link);
  return make(seeking, known, link, { ...column, reviewed: kind?.reviewPath !== undefined });
}

const NOTHING = { lineItem: '', made: false, label: '', scoreMaximum: 0 } as const;

const keep = ({ content, lineItem, made, label, scoreMaximum }: SoughtLineItem): Known => ({
  ...{ content, lineItem, made, label, scoreMaximum },
});

/** Keeps the address, and emits in the same write: scores go to where it says. */
async function use(
  { note, clock }: Seeking,
  known: Known,
  { courseId, content }: ResourceLink,
): Promise<Knowledge | null> {
  const event =
    content === null ? undefined : newEvent(lineItemFound, { courseId, content }, { at: clock.now() });
  return (await note(known, event)) ? known : null;
}

/**
 * Only what we have made is changed: an activity's own column is the teacher's. One that somebody has removed is not
 * made anew behind their back: it is said to be gone, and whoever says "once more" gets another.
 */
async function upToDate(seeking: Seeking, row: SoughtLineItem, column: Column): Promise<Knowledge | null> {
  const { lineItems, access, note, forget } = seeking;
  if (row.doubted && !(await lineItems.exists(access, row.lineItem))) {
    // In one write: a change of the test that comes between two would have another one made.
    if (!(await note({ ...NOTHING, problem: 'gone' }))) return null;
    await forget(row);
    return { ...NOTHING, problem: 'gone' };
  }
  const known = keep(row);
  if (!row.made || row.label === column.label) return { ...known, doubted: false };
  await lineItems.rename(access, row.lineItem, column.label);
  return { ...known, label: column.label, doubted: false };
}

/** The tool's own column of this link. Several may belong to it: ours bears our key, or is the only one without any. */
async function find(
  { lineItems, access }: Seeking,
  link: ResourceLink,
  content: ContentRef,
  former: string,
): Promise<LineItem | null> {
  const all = await lineItems.find(access, link.lineItems, { resourceLinkId: link.resourceLinkId });
  const ofLink = all.filter(({ id }) => id !== former);
  const bearing = (ref: ContentRef): LineItem | undefined => {
    const { resourceId, tag } = columnKey(ref);
    return ofLink.find((item) => item.resourceId === resourceId && ['', tag].includes(item.tag));
  };
  // In a copied course the column bears the key of what it was copied from, as the link does.
  const ours = bearing(content) ?? (link.sent ? bearing(link.sent) : undefined);
  if (ours !== undefined) return ours;
  const [nameless, another] = ofLink.filter(({ resourceId }) => resourceId === '');
  if (nameless !== undefined && another === undefined) return nameless;
  const loose = await lineItems.find(access, link.lineItems, columnKey(content));
  return loose.find(({ id, resourceLinkId }) => resourceLinkId === '' && id !== former) ?? null;
}

async function make(
  seeking: Seeking,
  before: Known,
  link: ResourceLink,
  { reviewed, label, scoreMaximum }: Column & { readonly reviewed: boolean },
): Promise<Knowledge | null> {
  const content = link.content;
  if (content === null) return before;
  const known: Known = { ...before, made: true, label, scoreMaximum };
  if (!(await seeking.note(known))) return null;
  try {
    const lineItem = await seeking.lineItems.create(seeking.access, link.lineItems, {
      ...{ label, scoreMaximum, ...columnKey(content) },
      resourceLinkId: link.resourceLinkId,
      review: reviewed ? (link.sent ? customOf(link.sent) : {}) : null,
    });
    return await use(seeking, { ...known, lineItem }, link);
  } catch (error) {
    if (!(error instanceof LineItemError) || error.retryable) throw error;
    if (!(await seeking.note({ made: false }))) return null;
    if (error.problem === 'no-scope') return { ...before, problem: 'look-only' };
    throw error;
  }
}
