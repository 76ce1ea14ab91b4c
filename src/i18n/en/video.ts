import type { English } from '../english.js';
import type { video as ru } from '../ru/video.js';

export const video: English<typeof ru> = {
  own: {
    title: 'My video link',
    text: 'A permanent link to your meeting, in any service. Choose it in a series, and those who booked see it shortly before it begins.',
    url: 'Link',
    urlHint: 'Begins with https://',
    password: 'Password of the meeting',
    passwordHint: 'If the service asks for it; shown together with the link',
    check: 'Check',
    checkText: 'Open the link and make sure that you come into the meeting as its host.',
    open: 'Open the link',
  },
  done: { saved: 'The link is saved' },
};
