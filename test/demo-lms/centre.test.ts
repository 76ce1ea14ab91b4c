import { expect } from 'chai';
import * as centre from '../../scripts/demo-lms/centre.js';

describe('demo LMS: the centre', () => {
  it('has the people it promises, with ids and usernames of their own', () => {
    expect(centre.teachers).to.have.length(12);
    expect(centre.students).to.have.length(40);
    expect(centre.associations).to.have.length(5);
    expect(centre.courses).to.have.length(2);
    expect(new Set(centre.people.map(({ id }) => id)).size).to.equal(55);
    expect(new Set(centre.people.map(({ username }) => username)).size).to.equal(55);
    for (const { id } of centre.people) expect(id).to.match(/^\d+$/);
  });

  it('varies: no patronymic, odd characters, privacy, English', () => {
    expect(centre.teachers.some(({ patronymic }) => patronymic === '')).to.equal(true);
    expect(centre.people.filter((person) => person.private).map(({ id }) => id)).to.deep.equal([
      centre.PRIVATE_STUDENT_ID,
    ]);
    expect(centre.people.filter(({ language }) => language === 'en').map(({ id }) => id)).to.deep.equal([
      centre.ENGLISH_STUDENT_ID,
    ]);
    const odd = centre.students.find(({ id }) => id === centre.ODD_NAME_STUDENT_ID);
    expect(odd?.givenName).to.contain('"').and.contain('&').and.contain('<').and.contain('🎈');
    const middle = centre.people.filter(({ patronymicIn }) => patronymicIn === 'middle');
    expect(middle.length).to.be.greaterThan(3);
  });

  it('refers only to people there are', () => {
    const ids = new Set(centre.people.map(({ id }) => id));
    const associationIds = new Set(centre.associations.map(({ id }) => id));
    for (const teacher of centre.teachers) expect(associationIds).to.include(teacher.associationId);
    for (const { headId, id } of centre.associations) {
      expect(centre.teachers.find((teacher) => teacher.id === headId)?.associationId).to.equal(id);
    }
    for (const course of centre.courses) {
      const members = [
        ...course.managerIds,
        ...course.teacherIds,
        ...course.assistantIds,
        ...course.studentIds,
      ];
      expect(new Set(members).size).to.equal(members.length);
      for (const member of members) expect(ids).to.include(member);
      for (const group of course.groups) expect(course.studentIds).to.include.members([...group.memberIds]);
      expect(course.studentIds).to.include.members([...course.suspendedIds]);
    }
  });

  it('has contacts on reserved domains only', () => {
    const staff = [centre.administrator, centre.methodist, centre.assistant, ...centre.teachers];
    for (const { contacts, email } of staff) {
      for (const telephone of [contacts.telephone, contacts.whatsapp]) {
        expect(telephone).to.match(/^(\+7 000 \d{3}-\d\d-\d\d)?$/);
      }
      for (const address of [contacts.email, email]) expect(address).to.match(/@example\.org$/);
      for (const url of [contacts.vk, contacts.instagram, contacts.telegram, contacts.max, contacts.site]) {
        expect(url).to.match(/^(https:\/\/([a-z]+\.)?example\.org\/[a-z]*)?$/);
      }
    }
    const [everything] = centre.teachers;
    expect(Object.values(everything!.contacts)).to.not.include('');
  });
});
