import type { English } from '../english.js';
import type { adminErrors as ruErrors, adminFields as ruFields } from '../ru/errors-admin.js';

export const adminFields: English<typeof ruFields> = {
  loginForm: 'Letters, digits, dot, hyphen, underscore or @; from 2 to 60 of them',
  passwordShort: 'At least 12 characters are needed',
  passwordTrivial: 'This password is easy to guess: add something unpredictable',
  passwordRepeat: 'The passwords differ',
  passwordRefused: 'Wrong password',
  loginRefused: 'Wrong login or password',
  loginPaused: 'Too many failed tries. Wait, then try again',
  codeRefused: 'Wrong code, or it has already been used',
  sure: 'Confirm that you understand what will happen',
  settingsStale:
    'Another person changed the settings while you were writing. Nothing was saved: check what differs and save again.',
  roleForm:
    'A role is written as Mentor, Instructor#Grader, institution/person#Faculty, or whole, with https:// or urn:',
};

export const adminErrors: English<typeof ruErrors> = {
  'admin-login-needed': {
    title: 'Sign in first',
    text: 'This is the admin console: open /admin and sign in.',
  },
  'admin-login-refused': { title: 'Not signed in', text: 'Wrong login, password or code.' },
  'admin-login-paused': {
    title: 'Try again later',
    text: 'Too many failed tries. Wait, then try again.',
  },
  'admin-busy': { title: 'Too many sign-ins at once', text: 'Wait a few seconds, then try again.' },
  'admin-link-over': {
    title: 'This link has expired',
    text: 'It works once, within a day. The command npm run admin on the server creates a new one.',
  },
  'admin-not-found': { title: 'No such administrator', text: 'Check the login.' },
  'admin-account-disabled': { title: 'The account is disabled', text: 'Enable it first.' },
  'admin-totp-there': {
    title: 'Two-step verification is already on',
    text: 'To change the key, turn it off first.',
  },
  'admin-totp-draft': { title: 'The key has changed', text: 'Start the setup again.' },
  'registration-stale': {
    title: 'Changed already',
    text: 'Another person changed this platform while you were writing. Nothing was saved: open it again.',
  },
  'settings-stale': {
    title: 'Changed already',
    text: 'Another person changed the settings while you were writing. Nothing was saved: open them again.',
  },
  'admin-code-over': {
    title: 'Sign-in failed',
    text: 'The button works once, within two minutes, and only while this access is allowed. Open the course again.',
  },
  'admin-account-needed': {
    title: 'A password is needed',
    text: 'Only administrators who signed in with a password can change accounts and the access of LMS administrators.',
  },
  'admin-self': {
    title: 'You cannot disable yourself',
    text: 'Another administrator can, or the command npm run admin on the server.',
  },
  'person-not-found': {
    title: 'There is no such person',
    text: 'Their data was erased, or they were merged with another person.',
  },
  'people-apart': {
    title: 'These two cannot be merged',
    text: 'Only two different people of one platform can be merged.',
  },
  'people-clash': {
    title: 'Some data would be lost',
    text: 'Open the page again: it says what prevents the merge.',
  },
  'people-busy': {
    title: 'This person’s data is being changed already',
    text: 'Wait a few minutes, then open the page again.',
  },
  'deployments-full': {
    title: 'Too many deployments',
    text: 'This platform has a hundred already. Remove those not needed, then approve again.',
  },
};
