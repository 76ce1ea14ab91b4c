/** What the centre has said of itself; what it has not is ''. */
export interface Centre {
  readonly names: Readonly<Record<'ru' | 'en', string>>;
  /** Address of its own site. */
  readonly site: string;
  /** IANA name of the zone in which dates are shown until the browser or the LMS tells the reader's. */
  readonly zone: string;
  /** For whoever asks for none of our languages. */
  readonly locale: 'ru' | 'en';
}

export const UNSAID: Centre = { names: { ru: '', en: '' }, site: '', zone: 'Europe/Moscow', locale: 'ru' };
