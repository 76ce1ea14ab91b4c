import { expect } from 'chai';
import {
  mayBook,
  mayManage,
  maySeeAll,
  maySeeBookings,
  mayTeach,
  standing,
} from '../../../src/features/consultations/consultations.policy.js';
import type { Actor } from '../../../src/shared/actor.js';
import { ROLES, type Role } from '../../../src/shared/roles.js';

const actor = (role: Role, personId = 'me'): Actor => ({
  personId,
  registrationId: 'r',
  courseId: 'c',
  courseKey: 'k',
  courseTitle: '',
  role,
  name: { surname: '', givenName: '', patronymic: '' },
});

const allowed = (rule: (actor: Actor) => boolean): Role[] => ROLES.filter((role) => rule(actor(role)));

describe('consultations: who may do what', () => {
  const mine = { teacherId: 'me', state: 'active' } as const;
  const others = { teacherId: 'another', state: 'active' } as const;

  it('lets teachers and those above them make series', () => {
    expect(allowed(mayTeach)).to.deep.equal(['administrator', 'methodist', 'teacher']);
  });

  it('lets a teacher manage their own series, and those above a teacher everybody’s', () => {
    expect(allowed((item) => mayManage(item, mine))).to.deep.equal(['administrator', 'methodist', 'teacher']);
    expect(allowed((item) => mayManage(item, others))).to.deep.equal(['administrator', 'methodist']);
    const draft = { ...others, state: 'draft' } as const;
    expect(allowed((item) => mayManage(item, draft))).to.deep.equal([
      'administrator',
      'methodist',
      'teacher',
    ]);
  });

  it('shows bookings to those who hold them, to assistants, and to those above teachers', () => {
    expect(allowed((item) => maySeeBookings(item, others))).to.deep.equal([
      'administrator',
      'methodist',
      'assistant',
    ]);
    expect(allowed((item) => maySeeBookings(item, mine)))
      .to.include('teacher')
      .and.not.include('student');
    expect(allowed(maySeeAll)).to.deep.equal(['administrator', 'methodist', 'assistant']);
  });

  it('lets only students book', () => {
    expect(allowed(mayBook)).to.deep.equal(['student']);
  });
});

describe('consultations: whether a slot can be booked', () => {
  const startsAt = new Date('2026-10-05T12:00:00Z');
  const series = {
    state: 'active',
    closesHours: 3,
    opensDays: 0,
    attestationOn: '',
    pattern: { zone: 'Europe/Moscow' },
  } as const;
  const slot = { state: 'open', startsAt } as const;
  const at = (time: string): Date => new Date(`2026-10-05T${time}Z`);

  it('can until the deadline, the very moment included, and not a millisecond later', () => {
    expect(standing(series, slot, at('09:00:00.000'))).to.equal('open');
    expect(standing(series, slot, at('09:00:00.001'))).to.equal('closed');
  });

  it('can until it begins, where there is no deadline', () => {
    expect(standing({ ...series, closesHours: 0 }, slot, at('11:59:59'))).to.equal('open');
    expect(standing({ ...series, closesHours: 0 }, slot, at('12:00:00'))).to.equal('past');
  });

  it('cannot when the slot is gone or going, or the series has ended', () => {
    for (const state of ['closing', 'removed', 'cancelled'] as const) {
      expect(standing(series, { ...slot, state }, at('06:00:00'))).to.equal('gone');
    }
    expect(standing({ ...series, state: 'ended' }, slot, at('06:00:00'))).to.equal('ended');
  });
});
