import { expect } from 'chai';
import {
  canonicalRole,
  centreRoleFrom,
  COMMON_ROLES,
  roleFrom,
  roleUri,
  shortRole,
} from '../../src/lti/claims/roles.js';
import type { Role } from '../../src/shared/roles.js';
import { cpuTime } from '../support/cpu.js';

const V = 'http://purl.imsglobal.org/vocab/lis/v2/';
const cases: [string[], Role][] = [
  [['membership#Learner'], 'student'],
  [['membership#Instructor'], 'teacher'],
  [['membership#Administrator'], 'administrator'],
  [
    ['institution/person#Administrator', 'membership#Instructor', 'system/person#Administrator'],
    'administrator',
  ],
  // Canvas, for an administrator of a part of it who learns in the course.
  [['institution/person#Administrator', 'membership#Learner'], 'student'],
  [['institution/person#Administrator', 'membership#Instructor'], 'teacher'],
  [['institution/person#Administrator'], 'student'],
  [['system/person#SysAdmin', 'membership#Learner'], 'student'],
  [['system/person#SysAdmin', 'membership#Mentor'], 'student'],
  [['system/person#SysAdmin'], 'administrator'],
  [['system/person#AccountAdmin', 'membership#Instructor'], 'teacher'],
  [['membership#Manager'], 'methodist'],
  [['membership/Manager#CourseCoordinator'], 'methodist'],
  [['membership/Manager#Observer'], 'student'],
  [['membership#ContentDeveloper'], 'teacher'],
  [['membership#Instructor', 'membership/Instructor#TeachingAssistant'], 'assistant'],
  [['membership/Instructor#TeachingAssistantSection'], 'assistant'],
  [['membership/Instructor#Grader', 'membership#Learner'], 'assistant'],
  [['membership/Instructor#PrimaryInstructor', 'membership/Instructor#TeachingAssistant'], 'teacher'],
  [['institution/person#Instructor', 'membership#Learner'], 'student'],
  [['institution/person#Faculty'], 'student'],
  [['membership#Mentor'], 'student'],
  [[], 'student'],
];

describe('roleFrom', () => {
  for (const [roles, expected] of cases) {
    it(`${roles.join(', ') || 'no roles'} → ${expected}`, () => {
      expect(roleFrom(roles.map((role) => V + role))).to.equal(expected);
    });
  }

  it('returns student for unknown roles', () => {
    const unknownRoles = [
      'urn:lti:role:evil/lis/Administrator',
      'urn:lti:role:ims/lis/',
      'https://evil.example/membership#Instructor',
      'Instructor of nothing',
    ];
    for (const role of unknownRoles) expect(roleFrom([role]), role).to.equal('student');
    expect(roleFrom([`${V}membership#Instructor.evil`, `x${V}membership#Instructor`])).to.equal('student');
  });
});

describe("a platform's role mapping", () => {
  const uri = (written: string): string => roleUri(written)!;

  it('takes linear time for many and odd roles', () => {
    const rules = Array.from({ length: 100 }, (_, at) => ({
      uri: `https://x/${at}`,
      role: 'teacher' as const,
    }));
    const odd = ['https://', 'urn:'].flatMap((start) => [
      `${start}${'a'.repeat(240)} `,
      `${start}${'a-'.repeat(120)}`,
    ]);
    const spent = cpuTime();
    expect(roleFrom(Array.from({ length: 50 }, () => odd).flat(), rules)).to.equal('student');
    expect(spent()).to.be.below(5_000);
  });

  it('wins over the common meaning for exactly the role that it names', () => {
    const rules = [
      { uri: uri('Mentor'), role: 'assistant' },
      { uri: uri('institution/person#Faculty'), role: 'teacher' },
    ] as const;
    expect(roleFrom([uri('Mentor')], rules)).to.equal('assistant');
    expect(roleFrom([uri('Learner'), uri('institution/person#Faculty')], rules)).to.equal('teacher');
    expect(roleFrom([`${uri('Mentor')}x`], rules)).to.equal('student');
    expect(roleFrom([uri('Instructor')], rules)).to.equal('teacher');
  });

  it('can take rights away, and matches simple names', () => {
    expect(roleFrom([uri('Manager')], [{ uri: uri('Manager'), role: 'student' }])).to.equal('student');
    expect(roleFrom(['Instructor'], [{ uri: uri('Instructor'), role: 'teacher' }])).to.equal('teacher');
    const own = 'urn:school:zavuch';
    expect(roleFrom([own], [{ uri: own, role: 'methodist' }])).to.equal('methodist');
  });

  it('leaves a teaching assistant an assistant despite the principal role', () => {
    const both = [uri('Instructor'), uri('Instructor#TeachingAssistant')];
    expect(roleFrom(both, [{ uri: uri('Instructor'), role: 'methodist' }])).to.equal('assistant');
    expect(roleFrom(both, [{ uri: uri('Instructor'), role: 'student' }])).to.equal('assistant');
    expect(roleFrom(both, [{ uri: uri('Instructor#TeachingAssistant'), role: 'teacher' }])).to.equal(
      'teacher',
    );
  });

  it('is written as a full URI or a short name', () => {
    for (const [written, rest] of [
      ['Learner', 'membership#Learner'],
      ['Instructor#Grader', 'membership/Instructor#Grader'],
      ['institution/person#Staff', 'institution/person#Staff'],
      [`${V}membership#Mentor`, 'membership#Mentor'],
    ] as const) {
      expect(roleUri(written)).to.equal(V + rest);
      expect(shortRole(V + rest)).to.equal(rest);
    }
    for (const wrong of [
      '',
      'not a role',
      'a#b#c',
      'https://',
      'javascript:alert(1)',
      `urn:${'x'.repeat(300)}`,
    ]) {
      expect(roleUri(wrong), wrong).to.equal(null);
    }
    for (const common of COMMON_ROLES) expect(roleUri(shortRole(common))).to.equal(common);
  });
});

describe('forms of a role', () => {
  const forms: [string, string][] = [
    ['Instructor', 'membership#Instructor'],
    ['Instructor#Grader', 'membership/Instructor#Grader'],
    ['Instructor/Lecturer', 'membership/Instructor#Lecturer'],
    ['TeachingAssistant', 'membership/Instructor#TeachingAssistant'],
    ['membership#Learner', 'membership#Learner'],
    ['urn:lti:role:ims/lis/Learner', 'membership#Learner'],
    ['urn:lti:role:ims/lis/Instructor/GuestInstructor', 'membership/Instructor#GuestInstructor'],
    ['urn:lti:role:ims/lis/TeachingAssistant', 'membership/Instructor#TeachingAssistant'],
    ['urn:lti:role:ims/lis/TeachingAssistant/Grader', 'membership/Instructor#Grader'],
    ['urn:lti:instrole:ims/lis/Administrator', 'institution/person#Administrator'],
    ['urn:lti:sysrole:ims/lis/SysAdmin', 'system/person#SysAdmin'],
    [`${V}person#Faculty`, 'institution/person#Faculty'],
    [`${V}membership#TeachingAssistant`, 'membership/Instructor#TeachingAssistant'],
  ];
  for (const [form, expected] of forms) {
    it(`reads ${form} as ${expected}, in launches and rosters`, () => {
      expect(canonicalRole(form)).to.equal(V + expected);
      if (!expected.startsWith('system/')) expect(roleFrom([form])).to.equal(roleFrom([V + expected]));
    });
  }

  it('leaves others as they are', () => {
    for (const role of ['', 'urn:school:zavuch', 'https://x.example/role', 'a#b#c']) {
      expect(canonicalRole(role)).to.equal(role);
    }
  });
});

describe('centreRoleFrom', () => {
  it('follows from roles of the system and rules, never from the common meaning of a role in a course', () => {
    for (const role of [
      'membership#Manager',
      'membership#Administrator',
      'institution/person#Administrator',
    ]) {
      expect(centreRoleFrom([V + role]), role).to.equal(null);
      expect(centreRoleFrom([V + role], [{ uri: V + role, role: 'methodist' }]), role).to.equal('methodist');
    }
    expect(centreRoleFrom([`${V}system/person#Administrator`, `${V}membership#Learner`])).to.equal(
      'administrator',
    );
    expect(centreRoleFrom(['urn:lti:sysrole:ims/lis/SysAdmin', 'Administrator'])).to.equal(null);
    expect(centreRoleFrom(['urn:school:zavuch'], [{ uri: 'urn:school:zavuch', role: 'teacher' }])).to.equal(
      null,
    );
  });

  it('can be taken away by a rule', () => {
    const rules = [{ uri: `${V}system/person#Administrator`, role: 'teacher' }] as const;
    expect(centreRoleFrom([`${V}system/person#Administrator`], rules)).to.equal(null);
    expect(roleFrom([`${V}system/person#Administrator`], rules)).to.equal('teacher');
  });
});
