import { z } from 'zod';
import { defineEvent } from '../../infra/events/index.js';

/* The document of each is the question. */

/** A student has asked, or asked on. */
export const questionAsked = defineEvent('question.asked', z.object({ again: z.boolean() }));
/** A teacher has said that they will answer. */
export const questionTaken = defineEvent('question.taken', z.object({}));
/** The centre has written. */
export const questionAnswered = defineEvent('question.answered', z.object({ messageId: z.string() }));
/** The deadline has passed. Level 1: the head of the association; 2: the deputies. */
export const questionEscalated = defineEvent('question.escalated', z.object({ level: z.number() }));
export const questionClosed = defineEvent('question.closed', z.object({}));
