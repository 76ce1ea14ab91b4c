import { expect } from 'chai';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { WAYS } from '../../../src/features/notifications/kinds/kind.js';
import { hasText, LOCALES, translator } from '../../../src/i18n/index.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

const DOCUMENT = path.resolve(import.meta.dirname, '../../../docs/notifications.md');

describe('the table of messages', () => {
  let testApp: TestApp;
  before(async () => {
    testApp = await startTestApp();
  });
  after(() => testApp.close());

  /** Cells of the document's table, as prettier may have padded them. */
  const rowsOf = (document: string): string[][] =>
    document
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .map((line) =>
        line
          .split('|')
          .slice(1, -1)
          .map((cell) => cell.trim()),
      );

  const expected = (): string[][] =>
    testApp.app.features.notifications
      .kinds()
      .map((kind) => [
        `\`${kind.name}\``,
        translator('en')(`notifications.kind.${kind.name}.title`),
        kind.sources.length === 0
          ? 'a schedule or a button'
          : kind.sources.map(({ type }) => `\`${type.name}\``).join(', '),
        kind.parents ? `${kind.to}, parents` : kind.to,
        kind.topic,
        ...WAYS.map((way) => (kind.by.includes(way) ? 'on' : '—')),
        kind.obligatory ? 'yes' : 'no',
      ]);

  it('is what docs/notifications.md says: event, recipient, channels and default of each kind', () => {
    const document = readFileSync(DOCUMENT, 'utf8');
    if (process.env.UPDATE_DOCS !== '1') {
      expect(rowsOf(document)).to.deep.equal(expected());
      return;
    }
    const lines = document.split('\n');
    const first = lines.findIndex((line) => line.startsWith('| `') || line.startsWith('| ---'));
    const head = lines.slice(0, lines[first]?.startsWith('| ---') ? first + 1 : first);
    const rest = lines.slice(first).filter((line) => !line.startsWith('| `') && !line.startsWith('| ---'));
    writeFileSync(
      DOCUMENT,
      [...head, ...expected().map((row) => `| ${row.join(' | ')} |`), ...rest].join('\n'),
    );
  });

  it('has a test of every row, which names the kind or looks for its subject', () => {
    const folder = path.resolve(import.meta.dirname, '../..');
    const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.test.ts') && !file.endsWith('table.test.ts'))
      .map((file) => readFileSync(path.join(folder, file), 'utf8'))
      .join('\n');
    const untested = testApp.app.features.notifications.kinds().filter(({ name }) => {
      const subject = translator('ru')(`notifications.kind.${name}.subject`);
      const beginning = subject.replace(/\{\{.*/, '').replace(/[\s:]+$/, '');
      if (beginning.length > 5 && sources.includes(beginning)) return false;
      return !new RegExp(`(?<![a-z-])${name}(?![a-z-])`).test(sources);
    });
    expect(untested.map(({ name }) => name)).to.deep.equal([]);
  });

  it('has words of every kind in both languages', () => {
    for (const { name } of testApp.app.features.notifications.kinds()) {
      for (const locale of LOCALES) {
        for (const part of ['title', 'subject', 'text'])
          expect(hasText(locale, `notifications.kind.${name}.${part}`), `${locale} ${name} ${part}`).to.equal(
            true,
          );
      }
    }
  });

  it('has templates that use only variables of their kind', async () => {
    const { administration, kinds } = testApp.app.features.notifications;
    for (const { name } of kinds()) {
      for (const locale of LOCALES) {
        const { words, preview } = await administration.template(name, locale);
        expect(preview.subject, name).to.not.match(/[{}]/);
        expect(preview.text, name).to.not.match(/[{}]/);
        // Nothing is thrown: what comes with the program could be saved.
        await administration.saveTemplate(name, locale, words);
        await administration.resetTemplate(name, locale);
      }
    }
  });
});
