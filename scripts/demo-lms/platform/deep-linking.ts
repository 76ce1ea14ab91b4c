import type { Lms } from '../lms.js';
import type { Activity, Tool } from '../model.js';
import type { Selection } from '../sessions.js';
import { addActivity, type NewActivity } from './activities.js';
import { CLAIM, DL_CLAIM } from './claims.js';
import { toLines } from './custom.js';
import { audiences, record, text, type Sent } from './sent.js';
import { ToolJwtError, verifyToolJwt, type ToolClaims } from './tool-jwt.js';

/** The tool's answer to Deep Linking (LTI Deep Linking 2.0, section 4.4) and what is made of it. */
export type SelectionOutcome =
  | {
      readonly ok: true;
      readonly courseId: string;
      readonly added: readonly Activity[];
      /** The tool's words for the person; empty when it has none. */
      readonly message: string;
      readonly error: string;
    }
  | { readonly ok: false; readonly reason: string };

function columnOf(item: Sent): NewActivity['column'] {
  if (item.lineItem === undefined) return undefined;
  const { scoreMaximum, resourceId, tag } = record(item.lineItem);
  return {
    scoreMaximum: typeof scoreMaximum === 'number' && scoreMaximum > 0 ? scoreMaximum : 100,
    resourceId: text(resourceId),
    tag: text(tag),
  };
}

/** A link as the platform keeps it; windows, frames, dates and the like are dropped. */
function activityOf(item: Sent): NewActivity | null {
  if (item.type !== 'ltiResourceLink' && item.type !== 'link') return null;
  const column = columnOf(item);
  const review = record(record(item.lineItem).submissionReview);
  return {
    title: text(item.title),
    text: text(item.text),
    url: text(item.url),
    iconUrl: text(record(item.icon).url),
    custom: toLines(record(item.custom)),
    submissionReview: { url: text(review.url), custom: toLines(record(review.custom)) },
    ...(column !== undefined && { column }),
  };
}

/** What the recorded platform lets pass; see {@link Lms.strict}. */
function strictProblem(lms: Lms, tool: Tool, claims: ToolClaims): string | null {
  if (!audiences(claims).includes(lms.origin())) return 'The response is for another audience';
  if (claims[`${CLAIM}/deployment_id`] !== tool.deploymentId) return 'The response is of another deployment';
  if (claims[`${CLAIM}/message_type`] !== 'LtiDeepLinkingResponse') return 'Not a Deep Linking response';
  const { nonce, exp } = claims;
  if (typeof nonce !== 'string' || nonce === '') return 'The response has no nonce';
  const until = typeof exp === 'number' ? exp : Number.MAX_SAFE_INTEGER;
  return lms.tokens.firstUse(tool.clientId, `nonce ${nonce}`, until) ? null : 'The nonce was used before';
}

async function verified(lms: Lms, tool: Tool, jwt: string): Promise<ToolClaims | string> {
  try {
    const claims = await verifyToolJwt(lms.toolKeys, lms.clock, tool, jwt);
    if (claims.iss !== tool.clientId) return 'Consumer key is incorrect.';
    return (lms.strict ? strictProblem(lms, tool, claims) : null) ?? claims;
  } catch (error) {
    if (error instanceof ToolJwtError) return `Exception - ${error.message}`;
    throw error;
  }
}

/**
 * Takes the tool's answer. The key in the return URL says whose selection it is, since the browser sends no
 * cookie with a post from the tool's frame.
 * @param jwt the form field JWT
 */
export async function finishSelection(lms: Lms, returnKey: string, jwt: string): Promise<SelectionOutcome> {
  const selection: Selection | undefined = lms.launches.selection(returnKey);
  const tool = selection === undefined ? undefined : lms.state.tool(selection.toolId);
  if (selection === undefined || tool === undefined)
    return { ok: false, reason: 'Incorrect sesskey submitted' };
  const claims = await verified(lms, tool, jwt);
  if (typeof claims === 'string') return { ok: false, reason: claims };
  // Two answers at once: only one of them gets this far with the key.
  if (lms.launches.selection(returnKey) === undefined) {
    return { ok: false, reason: 'Incorrect sesskey submitted' };
  }
  lms.launches.endSelection(returnKey);
  const items: unknown = claims[`${DL_CLAIM}/content_items`];
  const wanted = (Array.isArray(items) ? items : []).flatMap(
    (item: unknown) => activityOf(record(item)) ?? [],
  );
  const added = wanted.map((activity) => addActivity(lms.state, tool, selection.courseId, activity));
  if (added.length > 0) lms.state.commit();
  return {
    ok: true,
    courseId: selection.courseId,
    added,
    message: text(claims[`${DL_CLAIM}/msg`]),
    error: text(claims[`${DL_CLAIM}/errormsg`]),
  };
}
