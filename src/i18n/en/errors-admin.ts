import type { English } from '../english.js';
import type { adminErrors as ruErrors, adminFields as ruFields } from '../ru/errors-admin.js';

export const adminFields: English<typeof ruFields> = {
  loginForm: 'Letters, digits, dot, hyphen, underscore or @; from 2 to 60 of them',
  passwordShort: 'At least 12 characters are needed',
  passwordTrivial: 'This one would be guessed first: it lacks something of its own',
  passwordRepeat: 'The passwords differ',
  passwordRefused: 'This password does not fit',
  loginRefused: 'Login or password does not fit',
  loginPaused: 'Too many failed tries. Wait, then try again',
  codeRefused: 'The code does not fit, or has been used already',
  sure: 'Confirm that you understand what will happen',
  siteAddress: 'It takes an address that begins with https:// or http://',
  settingsStale:
    'Somebody else changed the settings while you were writing. Nothing is saved: look at what differs and save again.',
  roleForm:
    'A role is written as Mentor, Instructor#Grader, institution/person#Faculty, or whole, with https:// or urn:',
};

export const adminErrors: English<typeof ruErrors> = {
  'admin-login-needed': {
    title: 'Sign in first',
    text: 'This is the administrator’s room: open /admin and sign in.',
  },
  'admin-login-refused': { title: 'Not signed in', text: 'Login, password or code does not fit.' },
  'admin-login-paused': {
    title: 'Try again later',
    text: 'Too many failed tries. Wait, then try again.',
  },
  'admin-busy': { title: 'Too many at once', text: 'Wait a few seconds, then try again.' },
  'admin-link-over': {
    title: 'This link is over',
    text: 'It works once, within a day. The command npm run admin on the server makes a new one.',
  },
  'admin-not-found': { title: 'No such administrator', text: 'Check the login.' },
  'admin-account-disabled': { title: 'The account is disabled', text: 'Enable it first.' },
  'admin-totp-there': {
    title: 'The second step is on already',
    text: 'To change the key, turn it off first.',
  },
  'admin-totp-draft': { title: 'The key is another by now', text: 'Begin setting it up again.' },
  'registration-stale': {
    title: 'Changed already',
    text: 'Somebody else changed this platform while you were writing. Nothing was saved: open it again.',
  },
  'settings-stale': {
    title: 'Changed already',
    text: 'Somebody changed the settings while you were writing. Nothing is saved: open them again.',
  },
  'admin-code-over': {
    title: 'You could not be let in',
    text: 'The button works once, within two minutes, and only while this way is open. Open the course again.',
  },
  'admin-account-needed': {
    title: 'A password is needed',
    text: 'Accounts, and whether administrators of LMSs come in, are for those who came in by a password.',
  },
  'admin-self': {
    title: 'You cannot disable yourself',
    text: 'Another administrator can, or the command npm run admin on the server.',
  },
  'person-not-found': {
    title: 'There is no such person',
    text: 'Their data were erased, or they were merged with another.',
  },
  'people-apart': {
    title: 'These two cannot be merged',
    text: 'Two different people of one platform can.',
  },
  'people-clash': {
    title: 'Something would be lost',
    text: 'Open the page again: it says what stands in the way.',
  },
  'people-busy': {
    title: 'Something is being done to this person already',
    text: 'Wait a few minutes, then open the page again.',
  },
  'deployments-full': {
    title: 'Too many deployments',
    text: 'This platform has a hundred already. Remove those not needed, then approve again.',
  },
};
