import { z } from 'zod';
import { defineEvent } from '../../infra/events/index.js';

/**
 * A resource link is new, opens other content, or has another line item or other scopes. The document is the link;
 * subscribers read it again.
 */
export const linkChanged = defineEvent('link.changed', z.object({ courseId: z.string() }));
