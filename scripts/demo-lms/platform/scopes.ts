const AGS = 'https://purl.imsglobal.org/spec/lti-ags/scope';

export const SCOPE = {
  lineItem: `${AGS}/lineitem`,
  lineItemReadonly: `${AGS}/lineitem.readonly`,
  resultReadonly: `${AGS}/result.readonly`,
  score: `${AGS}/score`,
  memberships: 'https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly',
  toolSetting: 'https://purl.imsglobal.org/spec/lti-ts/scope/toolsetting',
  groups: 'https://purl.imsglobal.org/spec/lti-gs/scope/contextgroup.readonly',
  noticeHandlers: 'https://purl.imsglobal.org/spec/lti/scope/noticehandlers',
} as const;

/** In the order of the launch claim and of a token's answer. */
export const AGS_SCOPES: readonly string[] = [
  SCOPE.lineItem,
  SCOPE.lineItemReadonly,
  SCOPE.resultReadonly,
  SCOPE.score,
];

export const ALL_SCOPES: readonly string[] = [...AGS_SCOPES, SCOPE.memberships, SCOPE.toolSetting];

/** With those that the recorded platform does not have, and a tool gets only when it is given them. */
export const KNOWN_SCOPES: readonly string[] = [...ALL_SCOPES, SCOPE.groups, SCOPE.noticeHandlers];
