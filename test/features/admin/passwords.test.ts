import { expect } from 'chai';
import { isTrivial } from '../../../src/features/admin/accounts/password-rules.js';
import { createPasswords, SCRYPT } from '../../../src/features/admin/accounts/passwords.js';
import { LOGIN, PASSWORD, startAdminApp } from './support.js';

describe('passwords of administrators', () => {
  const cheap = { N: 2 ** 8, r: 8, p: 1 };

  it('cost what OWASP asks for', () => {
    expect(SCRYPT).to.deep.equal({ N: 131_072, r: 8, p: 1 });
  });

  it('are salted, and checked with the cost they were hashed at', async () => {
    const before = createPasswords(cheap);
    const [item, two] = [await before.hash(PASSWORD), await before.hash(PASSWORD)];
    expect(item).not.to.equal(two);
    expect(item).to.match(/^scrypt\$256\$8\$1\$/);
    const today = createPasswords({ ...cheap, N: 2 ** 9 });
    expect(await today.verify(PASSWORD, item)).to.deep.equal({ ok: true, outdated: true });
    expect(await before.verify(PASSWORD, item)).to.deep.equal({ ok: true, outdated: false });
    expect((await today.verify(`${PASSWORD}x`, item)).ok).to.equal(false);
  });

  it('typed on another keyboard are the same (NFKC)', async () => {
    const passwords = createPasswords(cheap);
    const hash = await passwords.hash('caf\u00e9 au lait 12');
    expect((await passwords.verify('cafe\u0301 au lait 12', hash)).ok).to.equal(true);
  });

  it('refuses checks above the limit and finishes the accepted ones', async () => {
    const passwords = createPasswords(cheap);
    const hash = await passwords.hash(PASSWORD);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 60 }, () => passwords.verify(PASSWORD, hash)),
    );
    const refused = outcomes.filter(({ status }) => status === 'rejected');
    expect(refused).to.have.length(40);
    expect((refused[0] as PromiseRejectedResult).reason).to.include({ code: 'admin-busy', status: 503 });
    expect((await passwords.verify(PASSWORD, hash)).ok).to.equal(true);
  });

  it('keeps a third of the queue free for browsers that are known', async () => {
    const passwords = createPasswords(cheap);
    const hash = await passwords.hash(PASSWORD);
    const strangers = Array.from({ length: 20 }, () => passwords.pretend('x'));
    expect((await Promise.allSettled([passwords.pretend('x')]))[0].status).to.equal('rejected');
    const known = await Promise.allSettled(
      Array.from({ length: 15 }, () => passwords.verify(PASSWORD, hash, true)),
    );
    expect(known.filter(({ status }) => status === 'fulfilled')).to.have.length(10);
    await Promise.all(strangers);
  });

  it('are hashed again at a login when the cost has grown', async () => {
    const testApp = await startAdminApp({ passwordCost: cheap });
    try {
      await testApp.make();
      const admins = testApp.storage.connection.model('Admin');
      const old = await createPasswords({ ...cheap, N: 2 ** 7 }).hash(PASSWORD);
      await admins.updateMany({}, { $set: { passwordHash: old } });
      await testApp.enter();
      const [admin] = await testApp.app.features.admin.accounts.list();
      expect(admin?.passwordHash).to.match(/^scrypt\$256\$/);
      await testApp.enter();
    } finally {
      await testApp.close();
    }
  });

  describe('that would be guessed first', () => {
    for (const password of [
      'aaaaaaaaaaaaaaaa',
      '123456789012',
      'abcdefghijklmnop',
      'qwertyuiop[]',
      'Password1234!',
      'пароль123456',
      'йцукенйцукен',
      'adminadminadmin',
      `${LOGIN}2026`,
      '121212121212',
    ]) {
      it(password, () => expect(isTrivial(password, LOGIN)).to.equal(true));
    }
  });

  it('of one’s own are taken', () => {
    for (const password of [PASSWORD, 'correct horse battery staple', 'Vq8#hLm2!tRz', 'сорок тысяч братьев'])
      expect(isTrivial(password, LOGIN), password).to.equal(false);
  });
});
