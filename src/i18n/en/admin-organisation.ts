import type { English } from '../english.js';
import type { organisation as ru } from '../ru/admin-organisation.js';

export const organisation: English<typeof ru> = {
  title: 'Organisation',
  text: 'Who answers for what in the centre. It holds whatever role an LMS sends: responsible persons see reports and questions that are left without an answer.',
  posts: 'Posts',
  ownTitle: "The centre's own word",
  holder: 'Appoint',
  give: 'Appoint',
  since: 'From (if known)',
  until: 'To (if known)',
  take: 'Remove',
  vacant: 'Vacant',
  heads: 'Heads of associations are set on the pages of the associations, in a course under “Teachers”.',
  departments: 'Departments',
  noDepartments: 'There are no departments yet.',
  programmes: 'Programmes',
  noProgrammes: 'There are no programmes yet.',
  name: 'Title',
  head: 'Head',
  noMembers: 'There is nothing to choose from yet.',
  department: { new: 'New department', edit: 'Department', members: 'Associations of the department' },
  programme: { new: 'New programme', edit: 'Programme', members: 'Courses of the programme' },
  associations_one: '{{count}} association',
  associations_other: '{{count}} associations',
  courses_one: '{{count}} course',
  courses_other: '{{count}} courses',
};
