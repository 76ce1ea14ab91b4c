import type { Doc } from '../bson.js';
import { encodeValue } from '../key.js';
import type { MatchContext } from '../query/match.js';
import type { ExpressionContext, Scope } from './evaluator.js';

/** Takes a document further down the pipeline. Returns false when no more are wanted. */
export type Emit = (doc: Doc) => boolean;

/** One run of a stage. */
export interface Stage {
  /** Returns false when the stage wants no more documents. */
  take(doc: Doc, emit: Emit): boolean;
  /** The input is over: what was held back comes out. */
  end(emit: Emit): void;
}

/** Counts work that the number of documents read does not show. */
export interface Meter {
  unwound: number;
}

export interface PipelineContext {
  readonly match: MatchContext;
  readonly expression: ExpressionContext;
  readonly variables: Scope['variables'];
  readonly meter: Meter;
}

export const scopeOf = (doc: unknown, { variables }: PipelineContext): Scope => ({ root: doc, variables });

/** How `$group` and `$bucket` tell groups apart: equal values of all number types are one. */
export const groupKey = (value: unknown): string => encodeValue(value).toString('latin1');
