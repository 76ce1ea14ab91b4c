import { expect } from 'chai';
import { readProcessIdentity } from '../../src/shared/process-identity.js';

describe('the identity of a process', () => {
  const identity = readProcessIdentity();
  const { own } = identity;
  const [machine = '', pid = '', start = ''] = own.split('.');

  before(function () {
    // Only Linux says what it is made of.
    if (process.platform !== 'linux') this.skip();
  });

  it('is of a process that runs, as long as it does', () => {
    expect(own).to.match(/^[0-9a-f]{12}\.\d+\.\d+$/);
    expect(identity.hasEnded(own)).to.equal(false);
  });

  it('has ended if its pid is used by none, or by a process that began at another time', () => {
    // Beyond the greatest pid there is, https://man7.org/linux/man-pages/man5/proc_sys_kernel.5.html
    expect(identity.hasEnded(`${machine}.4194305.${start}`)).to.equal(true);
    expect(identity.hasEnded(`${machine}.${pid}.1`)).to.equal(true);
  });

  it('says nothing about another machine, nor where it is no identity', () => {
    expect(identity.hasEnded(`000000000000.4194305.${start}`)).to.equal(false);
    for (const other of ['', 'token', `${machine}..`, `${machine}.0.1`, `${machine}.-1.1`, `${own}.1`])
      expect(identity.hasEnded(other), other).to.equal(false);
  });
});
