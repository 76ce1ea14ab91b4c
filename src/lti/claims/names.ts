import { cutText, oneLine } from '../../shared/lines.js';
import { NAMELESS, type PersonName } from '../../shared/names.js';

/** The parts of a name as the platform sends them; any may be absent or empty. */
export interface NameClaims {
  readonly name?: string | undefined;
  readonly given_name?: string | undefined;
  readonly family_name?: string | undefined;
  readonly middle_name?: string | undefined;
  /** The custom parameter `middle_name`, where it is the platform's word; it only adds to the other names. */
  readonly customMiddleName?: string | undefined;
}

/** Endings of Russian patronymics, and Turkic words with the same role. */
const PATRONYMIC = /(вич|вна|ична|инична|ьич|кызы|оглы|улы|гызы)$/iu;
const MAX_NAME_PART_LENGTH = 300;

const clean = (text: string | undefined): string => {
  const line = oneLine((text ?? '').replace(/\s+/gu, ' '));
  // "-" and "." stand where a form demanded something.
  return /[\p{L}\p{N}\p{S}]/u.test(line) ? cutText(line, MAX_NAME_PART_LENGTH) : '';
};

const words = (text: string): string[] => text.split(' ').filter((word) => word !== '');

/**
 * Returns surname, given name and patronymic from a launch or a roster; unknown parts are empty. The patronymic comes
 * in its own claim, in the custom parameter, or inside `given_name` as Moodle sends it ("Иван Алексеевич"). If there
 * is only `name`, it is split.
 */
export function nameFrom(claims: NameClaims): PersonName {
  const surname = clean(claims.family_name);
  const given = clean(claims.given_name);
  const custom = clean(claims.customMiddleName);
  const whole = clean(claims.name);
  const nameless = surname === '' && given === '' && whole === '';
  const patronymic = clean(claims.middle_name) || (nameless || custom.startsWith('$') ? '' : custom);
  if (surname === '' && given === '') return fromFullName(whole, patronymic);

  const parts = words(given);
  const last = parts.at(-1) ?? '';
  if (patronymic !== '') {
    // "Иван Алексеевич" with a separate patronymic would show the patronymic twice.
    const tail = parts.slice(-words(patronymic).length).join(' ').toLocaleLowerCase('ru');
    const repeated = parts.length > words(patronymic).length && tail === patronymic.toLocaleLowerCase('ru');
    const givenName = repeated ? parts.slice(0, -words(patronymic).length).join(' ') : given;
    return { surname, givenName, patronymic };
  }
  if (parts.length > 1 && PATRONYMIC.test(last)) {
    // In "Мамед Али оглы" the word before "оглы" belongs to the patronymic.
    const length = /^(кызы|оглы|улы|гызы)$/iu.test(last) && parts.length > 2 ? 2 : 1;
    return {
      surname,
      givenName: parts.slice(0, -length).join(' '),
      patronymic: parts.slice(-length).join(' '),
    };
  }
  return { surname, givenName: given, patronymic: '' };
}

/**
 * Splits "Иванов Иван Петрович" and "Иван Петрович Иванов" by the position of the patronymic, and "Иванов, Иван
 * Петрович" by the comma.
 */
function fromFullName(name: string, knownPatronymic: string): PersonName {
  const comma = /^([^,]+),\s*([^,]+)$/u.exec(name);
  if (comma?.[1] !== undefined && comma[2] !== undefined) {
    return nameFrom({ family_name: comma[1], given_name: comma[2], middle_name: knownPatronymic });
  }
  const parts = words(name);
  const [first = '', second = '', ...rest] = parts;
  if (parts.length === 0) return { ...NAMELESS, patronymic: knownPatronymic };
  if (parts.length === 1) return { surname: first, givenName: '', patronymic: knownPatronymic };
  const third = rest[0] ?? '';
  if (parts.length >= 3 && PATRONYMIC.test(third)) {
    return { surname: first, givenName: second, patronymic: rest.join(' ') };
  }
  if (parts.length >= 3 && PATRONYMIC.test(second)) {
    return { surname: rest.join(' '), givenName: first, patronymic: second };
  }
  return {
    surname: parts.at(-1) ?? '',
    givenName: parts.slice(0, -1).join(' '),
    patronymic: knownPatronymic,
  };
}
