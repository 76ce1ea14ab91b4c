import type { Request } from 'express';
import { pickerPath } from '../../../shared/content.js';
import { parse } from '../../../web/parse.js';
import { pickerRequest } from '../assessments.schema.js';

/**
 * A teacher who came from a Deep Linking picker to make a test goes back there with it. The request stays in
 * the address, as `for`, through all pages and forms on the way.
 */
export function pickerOf(req: Request) {
  const inBody = parse(pickerRequest, req.body ?? {}).for;
  const request = inBody ?? parse(pickerRequest, req.query).for ?? null;
  return {
    request,
    /** The last part of the content's address, or ''. */
    query: request === null ? '' : `?for=${request}`,
    /** Below the course: the picker with this test chosen; null when there is none to go back to. */
    backWith: (testId: string): string | null =>
      request === null ? null : pickerPath(request, { kind: 'test', id: testId }),
    /** The picker with nothing chosen. */
    back: request === null ? null : pickerPath(request),
  };
}
