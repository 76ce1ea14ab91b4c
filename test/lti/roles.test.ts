import { expect } from 'chai';
import { roleFrom } from '../../src/lti/roles.js';
import type { Role } from '../../src/shared/roles.js';

const V = 'http://purl.imsglobal.org/vocab/lis/v2/';
const cases: [string[], Role][] = [
  [['membership#Learner'], 'student'],
  [['membership#Instructor'], 'teacher'],
  [['membership#Administrator'], 'administrator'],
  [
    ['institution/person#Administrator', 'membership#Instructor', 'system/person#Administrator'],
    'administrator',
  ],
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

  it('gives the least to what it does not know', () => {
    const strangers = [
      'Instructor',
      'urn:lti:role:ims/lis/Administrator',
      'https://evil.example/membership#Instructor',
    ];
    for (const stranger of strangers) expect(roleFrom([stranger]), stranger).to.equal('student');
    expect(roleFrom([`${V}membership#Instructor.evil`, `x${V}membership#Instructor`])).to.equal('student');
  });
});
