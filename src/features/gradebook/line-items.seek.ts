import { LineItemError, type LineItem, type LineItems, type ServiceAccess } from '../../lti/index.js';
import { columnKey, customOf, type Column, type ContentKind, type ContentRef } from '../../shared/content.js';
import { newEvent, type Event } from '../../infra/events/index.js';
import type { Clock } from '../../shared/clock.js';
import type { ResourceLink } from '../launch/index.js';
import { lineItemFound } from './line-items.events.js';
import {
  contentName,
  goneWith,
  type Knowledge,
  type LineItemProblem,
  type SoughtLineItem,
} from './line-item-row.store.js';

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

type Known = Pick<
  SoughtLineItem,
  'content' | 'lineItem' | 'made' | 'label' | 'scoreMaximum' | 'gone' | 'replacedAt'
>;

/**
 * Finds or makes the line item of a link, or brings one that we have made up to date (AGS 2.0, 3.2). Can be done
 * twice: it searches before it makes, and notes before it asks. One that was removed is looked for, and made again
 * once; after that on request alone.
 * @returns what is known in the end; null when another search does the rest
 * @throws LineItemError
 */
export async function seekLineItem(
  seeking: Seeking,
  row: SoughtLineItem,
  link: ResourceLink,
): Promise<Knowledge | null> {
  if (link.content === null) return {};
  const name = contentName(link.content);
  const { gone } = row;
  // The link opens something else now: another column, for the old one holds the old grades.
  const before: Known =
    row.content === name ? keep(row) : { ...NOTHING, gone, replacedAt: null, content: name };
  if (row.content !== name && !(await seeking.note(before))) return null;
  const known = await withoutGone(seeking, row, before, link);
  if (known === null) return null;
  const kind = seeking.kinds().find((item) => item.kind === link.content?.kind);
  const column = (await kind?.columnOf?.(link.courseId, link.content.id)) ?? null;
  // Nothing to reach yet: it is looked at again when the content changes.
  if (column === null || column.scoreMaximum <= 0) return known;
  if (known.lineItem !== '') return upToDate(seeking, row, column);
  // Where the launch names a line item there is nothing to look for.
  if (link.lineItem !== '' && !known.gone.includes(link.lineItem)) return known;
  if (link.lineItems === '') return lost(known) ? { ...known, problem: 'gone' } : known;
  if (!seeking.lineItems.mayBeFilled(seeking.access)) return { ...known, problem: 'no-scores' };
  // The column of what the link opened before holds the old grades.
  const others = row.content === name ? [] : [row.lineItem];
  const found = await find(seeking, link, link.content, [...known.gone, ...others]);
  // One that we had asked for, and whose address was lost on the way, is ours.
  const ours = known.made && found?.resourceId === columnKey(link.content).resourceId;
  if (found !== null) return use(seeking, { ...known, made: ours, lineItem: found.id }, link);
  const refusal = row.asked ? null : notMade(known, link);
  if (refusal !== null) return { ...known, problem: refusal };
  return make(seeking, known, link, { ...column, reviewed: kind?.reviewPath !== undefined });
}

const NOTHING = { lineItem: '', made: false, label: '', scoreMaximum: 0 } as const;

const keep = ({ content, lineItem, made, label, scoreMaximum, gone, replacedAt }: SoughtLineItem): Known => ({
  ...{ content, lineItem, made, label, scoreMaximum, gone, replacedAt },
});

const lost = ({ gone }: Pick<Known, 'gone'>): boolean => gone.length > 0;

/** Why no line item is made unasked; null if one is. */
function notMade(known: Known, { lineItem, formerLineItem }: ResourceLink): LineItemProblem | null {
  // The link had one, and its launches name none any more: the teacher takes no grades for it, or has removed it.
  if (lineItem === '' && formerLineItem !== '') return lost(known) ? 'gone' : 'withdrawn';
  return lost(known) && known.replacedAt !== null ? 'gone' : null;
}

/**
 * Looks whether the line items in doubt are still there. Those that are gone are noted, and nothing goes there any more.
 * @returns what is known then; null when another search does the rest
 */
async function withoutGone(
  seeking: Seeking,
  row: SoughtLineItem,
  known: Known,
  { lineItem: named, formerLineItem: former }: ResourceLink,
): Promise<Known | null> {
  const { lineItems, access, note, forget } = seeking;
  const inDoubt = new Set([row.suspect, row.doubted ? known.lineItem : '']);
  let now = known;
  for (const lineItem of inDoubt) {
    if (lineItem === '' || (await isThere(lineItems, access, lineItem, lineItem === row.suspect))) continue;
    now = { ...now, ...(now.lineItem === lineItem && NOTHING), gone: goneWith(now.gone, lineItem) };
    if (!(await note(now))) return null;
    await forget({ ...row, lineItem });
  }
  // One that launches name no more, and that was not ours.
  if (row.doubted && named === '' && former !== '' && !inDoubt.has(former)) {
    if (!(await isThere(lineItems, access, former, true))) await forget({ ...row, lineItem: former });
  }
  return (await note({ suspect: '', doubted: false })) ? now : null;
}

/** @param refused whether a score has just been refused there, so that it is gone if looking is not granted */
async function isThere(
  lineItems: LineItems,
  access: ServiceAccess,
  address: string,
  refused: boolean,
): Promise<boolean> {
  try {
    return await lineItems.exists(access, address);
  } catch (error) {
    if (refused && error instanceof LineItemError && error.problem === 'no-scope') return false;
    throw error;
  }
}

/** Keeps the address, and emits in the same write: scores go to where it says. */
async function use(
  { note, clock }: Seeking,
  known: Known,
  { courseId, content }: ResourceLink,
): Promise<Knowledge | null> {
  const event =
    content === null ? undefined : newEvent(lineItemFound, { courseId, content }, { at: clock.now() });
  const used = { ...known, asked: false, ...(lost(known) && { replacedAt: clock.now() }) };
  return (await note(used, event)) ? used : null;
}

/** Only what we have made is changed: an activity's own column is the teacher's. */
async function upToDate(
  { lineItems, access }: Seeking,
  row: SoughtLineItem,
  column: Column,
): Promise<Knowledge> {
  if (!row.made || row.label === column.label) return {};
  await lineItems.rename(access, row.lineItem, column.label);
  return { label: column.label };
}

/** The tool's own column of this link. Several may belong to it: ours bears our key, or is the only one without any. */
async function find(
  { lineItems, access }: Seeking,
  link: ResourceLink,
  content: ContentRef,
  others: readonly string[],
): Promise<LineItem | null> {
  const all = await lineItems.find(access, link.lineItems, { resourceLinkId: link.resourceLinkId });
  const ofLink = all.filter(({ id }) => !others.includes(id));
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
  return loose.find(({ id, resourceLinkId }) => resourceLinkId === '' && !others.includes(id)) ?? null;
}

/** What platforms answer where a line item is to be made for a link that they do not have. */
const LINK_GONE = new Set([403, 404, 410]);

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
    // Its link was removed as well: there is nothing to be told or done.
    if (lost(before) && LINK_GONE.has(error.status)) return { ...before, problem: 'link-gone' };
    throw error;
  }
}
