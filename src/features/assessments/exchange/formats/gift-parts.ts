import type { GIFTQuestion } from 'gift-pegjs';
import type { GiftRead } from '../../types/type-exchange.js';
import type { ForeignAnswer } from '../foreign.js';

type Choices = Extract<GIFTQuestion, { type: 'MC' }>['choices'];

/** Answers with what each earns. */
export const answersOf = (choices: Choices, read: GiftRead): ForeignAnswer[] =>
  choices.map(({ text, weight, isCorrect, feedback }) => ({
    text: read(text),
    fraction: weight === null ? (isCorrect ? 1 : 0) : weight / 100,
    feedback: read(feedback),
  }));
