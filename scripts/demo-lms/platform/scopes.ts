const AGS = 'https://purl.imsglobal.org/spec/lti-ags/scope';

export const SCOPE = {
  lineItem: `${AGS}/lineitem`,
  lineItemReadonly: `${AGS}/lineitem.readonly`,
  resultReadonly: `${AGS}/result.readonly`,
  score: `${AGS}/score`,
  memberships: 'https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly',
  toolSetting: 'https://purl.imsglobal.org/spec/lti-ts/scope/toolsetting',
} as const;

/** In the order of the launch claim and of a token's answer. */
export const AGS_SCOPES: readonly string[] = [
  SCOPE.lineItem,
  SCOPE.lineItemReadonly,
  SCOPE.resultReadonly,
  SCOPE.score,
];

export const ALL_SCOPES: readonly string[] = [...AGS_SCOPES, SCOPE.memberships, SCOPE.toolSetting];
