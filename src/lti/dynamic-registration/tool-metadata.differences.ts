import type { Platform } from '../platforms/index.js';
import { TOOL_CONFIGURATION, type ToolMetadata } from './tool-metadata.js';

/** One field in which the platform's registration of this tool differs from the tool's own metadata. */
export interface MetadataDifference {
  /** The specifications' name. */
  readonly field: string;
  readonly ours: readonly string[];
  readonly theirs: readonly string[];
}

type Document = Readonly<Record<string, unknown>>;

const record = (value: unknown): Document => (typeof value === 'object' && value ? (value as Document) : {});

const texts = (value: unknown): string[] =>
  [value].flat().filter((item): item is string => typeof item === 'string' && item !== '');

const tool = (document: Document): Document => record(document[TOOL_CONFIGURATION]);

/** The compared fields: those that are needed for something to work, not texts. */
const FIELDS: Readonly<Record<string, (document: Document) => string[]>> = {
  client_name: ({ client_name: name }) => texts(name),
  initiate_login_uri: ({ initiate_login_uri: uri }) => texts(uri),
  redirect_uris: ({ redirect_uris: uris }) => texts(uris),
  jwks_uri: ({ jwks_uri: uri }) => texts(uri),
  logo_uri: ({ logo_uri: uri }) => texts(uri),
  scope: ({ scope }) => texts(scope).flatMap((text) => text.split(' ').filter(Boolean)),
  target_link_uri: (document) => texts(tool(document).target_link_uri),
  domain: (document) => texts(tool(document).domain),
  custom_parameters: (document) =>
    Object.entries(record(tool(document).custom_parameters)).map(
      ([name, value]) => `${name}=${String(value)}`,
    ),
  messages: (document) => [tool(document).messages].flat().flatMap((message) => texts(record(message).type)),
};

/** Returns the differences in the order of the fields; lists are compared as sets. */
export function metadataDifferences(
  ours: ToolMetadata,
  theirs: Document,
  { unlistedMessages }: Platform,
): MetadataDifference[] {
  return Object.entries(FIELDS).flatMap(([field, valuesOf]) => {
    const [wanted, held] = [ours, theirs].map((document) =>
      [...new Set(valuesOf(document))].filter((value) => !unlistedMessages.includes(value)).sort(),
    );
    return wanted?.join('\n') === held?.join('\n') ? [] : [{ field, ours: wanted ?? [], theirs: held ?? [] }];
  });
}
