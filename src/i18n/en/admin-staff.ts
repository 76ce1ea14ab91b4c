import type { English } from '../english.js';
import type { staff as ru } from '../ru/admin-staff.js';

export const staff: English<typeof ru> = {
  title: 'Administrators',
  self: 'this is you',
  disabled: 'disabled',
  seen: 'last signed in',
  made: 'Created',
  login: 'Login',
  state: 'State',
  states: { enabled: 'enabled', disabled: 'disabled' },
  new: 'New administrator',
  newText:
    'Through a one-time link a person chooses login and password. Hand it over in person: it gives access to the whole admin console.',
  link: 'One-time link',
  linkText: 'It works once, within a day, and is shown only now.',
  text: 'Each of these actions asks for your own password. This administrator’s old password works until the link is used.',
  selfText: 'Change your own password, two-step verification and active sessions here:',
  end: 'End all sessions',
  password: 'Link for a new password',
  forget: 'Link for a new password, without two-step verification',
};
