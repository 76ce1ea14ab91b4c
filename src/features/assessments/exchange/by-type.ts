import { TYPE_NAMES, typeOf, type Definition, type TypeName } from '../types/index.js';
import type { TypeExchange } from '../types/type-exchange.js';
import type { ForeignBody } from './foreign.js';

export type Exchange = TypeExchange<Definition, ForeignBody>;

/** Asks the types one after another, in their order. Returns the first answer that is one, and null if there is none. */
export function firstAnswer<T>(ask: (exchange: Exchange, name: TypeName) => T | null | undefined): T | null {
  for (const name of TYPE_NAMES) {
    const answer = ask(typeOf(name).exchange, name);
    if (answer !== null && answer !== undefined) return answer;
  }
  return null;
}

/** The type that writes bodies of this kind; null for what no type holds. */
export const writerOf = ({ kind }: ForeignBody): Exchange | null =>
  firstAnswer((exchange) => (exchange.kind === kind ? exchange : null));

/** A piece of a file that no type reads. @param name of its type in the file */
export const unknownBody = (name: string): ForeignBody & { readonly name: string } => ({
  kind: 'unknown',
  name,
});
