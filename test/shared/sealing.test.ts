import { expect } from 'chai';
import { createSealer } from '../../src/shared/sealing.js';

describe('sealing', () => {
  const sealer = createSealer('a secret of at least 32 characters');

  it('opens what it sealed, and gives a different result each time', () => {
    const text = 'Ключ 🗝 "x"';
    const [item, two] = [sealer.seal(text, 'p'), sealer.seal(text, 'p')];
    expect(item).not.to.equal(two);
    expect(sealer.open(item, 'p')).to.equal(text);
    expect(sealer.open(sealer.seal('', 'p'), 'p')).to.equal('');
  });

  it('refuses a changed text, another purpose and another secret', () => {
    const sealed = sealer.seal('text', 'p');
    const broken = /cannot be opened/;
    const parts = sealed.split('.');
    for (let part = 1; part < 4; part++) {
      const changed = [...parts];
      changed[part] = `${changed[part]!.startsWith('A') ? 'B' : 'A'}${changed[part]!.slice(1)}`;
      expect(() => sealer.open(changed.join('.'), 'p'), `part ${part}`).to.throw(broken);
    }
    expect(() => sealer.open(sealed, 'q')).to.throw(broken);
    expect(() => createSealer('another secret of 32 characters!').open(sealed, 'p')).to.throw(broken);
    expect(() => sealer.open('', 'p')).to.throw(broken);
    // A shortened tag would be quicker to guess.
    expect(() => sealer.open([parts[0], parts[1], parts[2]!.slice(0, 6), parts[3]].join('.'), 'p')).to.throw(
      broken,
    );
  });
});
