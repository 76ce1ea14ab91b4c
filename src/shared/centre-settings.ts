/** The centre's settings; '' for those that are not set. */
export interface Centre {
  readonly nameRu: string;
  readonly nameEn: string;
  /** Address of the centre's site. */
  readonly site: string;
  /** IANA name of the zone in which dates are shown until the browser or the LMS tells the reader's. */
  readonly zone: string;
  /** Language for readers who ask for none of the available ones. */
  readonly locale: 'ru' | 'en';
}

export const UNSAID: Centre = { nameRu: '', nameEn: '', site: '', zone: 'Europe/Moscow', locale: 'ru' };
