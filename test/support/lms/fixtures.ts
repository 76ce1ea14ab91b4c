import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { DemoLms } from '../../../scripts/demo-lms/index.js';

/** Launches recorded from a real Moodle 4.4, in test/fixtures/moodle. */
export const FIXTURES = [
  'launch-student01',
  'launch-student01-nograde',
  'launch-student01-private',
  'launch-student02-en',
  'launch-student12-middlename',
  'launch-student30-oddname',
  'launch-teacher',
  'launch-assistant-nonediting',
  'launch-admin',
  'launch-deeplinked-student01',
  'launch-dynreg-student12',
  'deeplink-teacher',
  'submissionreview-teacher',
] as const;
export type FixtureName = (typeof FIXTURES)[number];

export type Claims = Record<string, unknown>;

export interface Fixture {
  readonly initiation?: {
    readonly action: string;
    readonly method: string;
    readonly fields: Readonly<Record<string, string>>;
  };
  readonly header?: Readonly<Record<string, string>>;
  readonly claims: Readonly<Claims>;
}

const read = new Map<FixtureName, string>();

/** A fresh copy of a recorded launch. */
export function fixture(name: FixtureName): Fixture {
  let text = read.get(name);
  if (text === undefined) {
    text = readFileSync(new URL(`../../fixtures/moodle/${name}.json`, import.meta.url), 'utf8');
    read.set(name, text);
  }
  return JSON.parse(text) as Fixture;
}

const RECORDED_ORIGIN = 'http://127.0.0.1:8088';
const DEPLOYMENT = 'https://purl.imsglobal.org/spec/lti/claim/deployment_id';
const TARGET = 'https://purl.imsglobal.org/spec/lti/claim/target_link_uri';

/**
 * The claims of a recorded launch, made to come from this LMS now: issuer and service addresses, client,
 * deployment and target of its first tool, a new nonce, fresh times. Sign them with
 * `lms.control.signIdToken`.
 * @param overrides win over everything; a member set to undefined is left out
 */
export function fixtureClaims(lms: DemoLms, name: FixtureName, overrides: Readonly<Claims> = {}): Claims {
  const text = JSON.stringify(fixture(name).claims).replaceAll(RECORDED_ORIGIN, lms.origin);
  const now = Math.floor(lms.control.clock.now().getTime() / 1000);
  const [tool] = lms.control.tools();
  return {
    ...(JSON.parse(text) as Claims),
    iat: now,
    exp: now + 60,
    nonce: `nonce-${randomUUID()}`,
    ...(tool !== undefined && {
      aud: tool.clientId,
      [DEPLOYMENT]: tool.deploymentId,
      [TARGET]: tool.targetLinkUrl,
    }),
    ...overrides,
  };
}
