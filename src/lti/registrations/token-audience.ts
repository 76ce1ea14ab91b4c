import type { Registration } from './registrations.store.js';

/** Returns the audience of token requests to a platform. https://www.imsglobal.org/spec/lti-dr/v1p0#platform-configuration */
export const audienceOf = ({
  tokenAudience,
  tokenUrl,
}: Pick<Registration, 'tokenAudience' | 'tokenUrl'>): string => tokenAudience || tokenUrl;
