/**
 * Every text that code and views ask for exists in both languages, plurals have all their forms, and no text
 * lies unused. That English has every Russian key is checked by the compiler already.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { textsOfTypes } from '../src/features/assessments/types/index.js';
import { en } from '../src/i18n/en.js';
import type { Texts } from '../src/i18n/index.js';
import { ru } from '../src/i18n/ru.js';

const flat = (texts: Texts, prefix = ''): Map<string, string> =>
  new Map(
    Object.entries(texts).flatMap(([key, value]) =>
      typeof value === 'string' ? [[prefix + key, value] as const] : [...flat(value, `${prefix}${key}.`)],
    ),
  );

const PLURAL = /_(one|few|many|other)$/;
const FORMS = { ru: ['one', 'few', 'many', 'other'], en: ['one', 'other'] };

const root = path.resolve(import.meta.dirname, '..');
const sources = ['src', 'views', 'scripts'].flatMap((folder) =>
  readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter(
      (file) =>
        /\.(ts|ejs)$/.test(file) && !file.startsWith('i18n') && !/demo-lms|check-i18n|bench/.test(file),
    )
    .map((file) => ({
      file: path.join(folder, file),
      text: readFileSync(path.join(root, folder, file), 'utf8'),
    })),
);

const problems: string[] = [];
const used = new Set<string>();
/** Beginnings of keys whose end is put together at run time: `t('common.role.' + role)`. */
const prefixes = new Set<string>();

/** Texts of src/i18n with those that question types hold. */
const russian = new Map([...flat(ru), ...flat(textsOfTypes('ru'))]);
const english = new Map([...flat(en), ...flat(textsOfTypes('en'))]);
const stems = new Set([...russian.keys()].map((key) => key.replace(PLURAL, '')));
const exists = (key: string): boolean => stems.has(key);

// Any string that looks like a key of a feature that has texts; what merely looks so is told by its first part.
const features = [...Object.keys(ru), 'types'].join('|');
const KEY = new RegExp(`(['"\`])((?:${features})\\.[\\w.-]*)(\\$\\{|\\1)`, 'g');
for (const { file, text } of sources) {
  for (const [, , key = '', end] of text.matchAll(KEY)) {
    if (end === '${' || key.endsWith('.')) {
      prefixes.add(key);
      if (![...stems].some((stem) => stem.startsWith(key)))
        problems.push(`${file}: no text begins with ${key}`);
    } else {
      used.add(key);
      // `done` codes are written feature.what and mean feature.done.what.
      const done = key.replace('.', '.done.');
      if (exists(done)) used.add(done);
      else if (!exists(key)) problems.push(`${file}: no text ${key}`);
    }
  }
  // Codes of errors: new DomainError('slot-full', …), conflict('slot-full'), refuse('lti-state', …).
  for (const [, code = ''] of text.matchAll(
    /(?:new DomainError|conflict|notFound|forbidden|refuse)\(\s*'([a-z-]+)'/g,
  )) {
    for (const part of ['title', 'text']) {
      used.add(`errors.${code}.${part}`);
      if (!exists(`errors.${code}.${part}`)) problems.push(`${file}: no text errors.${code}.${part}`);
    }
  }
}
// Thrown by the factories of shared/errors.ts without being named.
for (const code of [
  'bad-input',
  'forbidden',
  'not-found',
  'bad-request',
  'no-such-page',
  'too-large',
  'internal',
]) {
  used.add(`errors.${code}.title`).add(`errors.${code}.text`);
}

for (const stem of stems) {
  if (!used.has(stem) && ![...prefixes].some((prefix) => stem.startsWith(prefix)))
    problems.push(`unused: ${stem}`);
}

for (const [locale, texts] of [
  ['ru', russian],
  ['en', english],
] as const) {
  for (const [key, value] of texts) {
    if (value.trim() === '') problems.push(`${locale}: ${key} is empty`);
    const form = PLURAL.exec(key)?.[1];
    if (form !== undefined) {
      for (const needed of FORMS[locale]) {
        const other = key.replace(PLURAL, `_${needed}`);
        if (!texts.has(other)) problems.push(`${locale}: ${other} is missing beside ${key}`);
      }
    }
  }
}
const holes = (text: string | undefined): string =>
  [...(text ?? '').matchAll(/\{\{\w+\}\}/g)].map(String).sort().join();
for (const [key, value] of english) {
  if (!PLURAL.test(key) && holes(value) !== holes(russian.get(key)))
    problems.push(`${key}: other {{values}} in English`);
}

for (const problem of [...new Set(problems)].sort()) console.error(problem);
console.log(`${stems.size} texts, ${problems.length} problems`);
process.exitCode = problems.length === 0 ? 0 : 1;
