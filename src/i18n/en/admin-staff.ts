import type { English } from '../english.js';
import type { staff as ru } from '../ru/admin-staff.js';

export const staff: English<typeof ru> = {
  title: 'Administrators',
  self: 'this is you',
  disabled: 'disabled',
  seen: 'last signed in',
  made: 'Made',
  login: 'Login',
  state: 'State',
  states: { enabled: 'enabled', disabled: 'disabled' },
  new: 'New administrator',
  newText:
    'Through a one-time link a person chooses login and password. Hand it over in person: it opens the whole room.',
  link: 'One-time link',
  linkText: 'It works once, within a day, and is shown this once.',
  text: 'Each of these asks for your own password. This administrator’s old password works until the link is used.',
  selfText: 'Your own password, second step and open sessions are changed here:',
  end: 'End all sessions',
  password: 'Link for a new password',
  forget: 'Link for a new password, without the second step',
};
