import { expect } from 'chai';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const VIEWS = path.resolve(import.meta.dirname, '../../views');

describe('templates', () => {
  it('call nothing a button that Space does not press', () => {
    const wrong = readdirSync(VIEWS, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ejs'))
      .filter((file) => /role=["']?button/.test(readFileSync(path.join(VIEWS, file), 'utf8')));
    expect(wrong).to.deep.equal([]);
  });
});
