import { z } from 'zod';
import { defineEvent } from '../../infra/events/index.js';

/* What happens to a class; the event's document is the class. `tellTeacher`: another person than its teacher did it. */

const data = z.object({ tellTeacher: z.boolean() });

export const classCancelled = defineEvent('class.cancelled', data);
/** A class that was cancelled takes place after all. */
export const classRestored = defineEvent('class.restored', data);
/** A class has another time or place. */
export const classMoved = defineEvent('class.moved', data);
/** Another teacher gives the class, or its own teacher again. */
export const classSubstituted = defineEvent('class.substituted', data);
