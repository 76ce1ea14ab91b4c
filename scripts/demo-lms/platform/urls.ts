/** The recorded platform's paths; the tool must take them as they come, query included. */
export const PATHS = {
  auth: '/mod/lti/auth.php',
  token: '/mod/lti/token.php',
  keys: '/mod/lti/certs.php',
  services: '/mod/lti/services.php',
  basicOutcomes: '/mod/lti/service.php',
  launch: '/mod/lti/launch.php',
  back: '/mod/lti/return.php',
  select: '/mod/lti/contentitem.php',
  selected: '/mod/lti/contentitem_return.php',
  configuration: '/mod/lti/openid-configuration.php',
  registration: '/mod/lti/openid-registration.php',
  /** Not the recorded platform's. */
  registrationClient: '/mod/lti/openid-client.php',
} as const;

export interface ColumnAddress {
  readonly courseId: string;
  readonly id: string;
}

/** URLs of services; `typeId` null leaves the query away, as the platform does when the caller did. */
export const serviceUrls = (origin: string) => {
  const base = `${origin}${PATHS.services}`;
  const typed = (typeId: string | null): string => (typeId === null ? '' : `?type_id=${typeId}`);
  const column = ({ courseId, id }: ColumnAddress): string => `${base}/${courseId}/lineitems/${id}/lineitem`;
  return {
    lineItems: (courseId: string, typeId: string): string => `${base}/${courseId}/lineitems${typed(typeId)}`,
    lineItem: (address: ColumnAddress, typeId: string | null): string => `${column(address)}${typed(typeId)}`,
    results: (address: ColumnAddress): string => `${column(address)}/results`,
    memberships: (courseId: string, typeId: string): string =>
      `${base}/CourseSection/${courseId}/bindings/${typeId}/memberships`,
    groups: (courseId: string, typeId: string): string =>
      `${base}/CourseSection/${courseId}/bindings/${typeId}/groups`,
    groupSets: (courseId: string, typeId: string): string =>
      `${base}/CourseSection/${courseId}/bindings/${typeId}/groupsets`,
    noticeHandlers: (typeId: string): string => `${base}/tool/${typeId}/noticehandlers`,
    systemSetting: (typeId: string): string => `${base}/tool/${typeId}/custom`,
    contextSetting: (courseId: string, typeId: string): string =>
      `${base}/CourseSection/${courseId}/bindings/tool/${typeId}/custom`,
    // The recorded platform leaves its template unfilled here.
    linkSetting: (): string => `${base}/links/{link_id}/custom`,
  };
};

export type ServiceUrls = ReturnType<typeof serviceUrls>;
