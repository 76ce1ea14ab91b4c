import type { English } from '../english.js';
import type {
  bankDone as bankDoneRu,
  bankPageTexts as bankPageTextsRu,
  mediaTexts as mediaTextsRu,
  pictureAnswerTexts as pictureAnswerTextsRu,
  pictureQuestionTexts as pictureQuestionTextsRu,
} from '../ru/assessments-bank.js';

export const bankPageTexts: English<typeof bankPageTextsRu> = {
  title: 'Question bank',
  open: 'Question bank',
  lead: 'The questions of the course, apart from its tests. One question may stand in several tests.',
  empty: 'No questions yet. Write the first one, or import some.',
  nothing: 'No questions like that.',
  add: 'New question:',
  search: 'Search',
  type: 'Type',
  any: 'any',
  anyOf: 'any',
  found_one: '{{count}} question',
  found_other: '{{count}} questions',
  look: 'Open',
  unused: 'in no test',
  inTests: 'in tests: {{titles}}',
  question: 'Question of the bank',
  duplicates: 'Duplicates',
  duplicatesLead: 'These questions have the same text. Those that stand in no test can be removed.',
  noDuplicates: 'No duplicates.',
  shared: 'Questions of colleagues',
  sharedLead: 'Shared by teachers of other courses. A copy in your bank is your own.',
  noShared: 'Colleagues have shared nothing yet.',
  from: 'course “{{course}}”',
  take: 'Copy to the bank',
  colleagues: 'all teachers of the centre',
  withColleagues: 'shared with all teachers',
  withAssociation: 'shared with the association “{{name}}”',
  chosen: 'With the questions chosen',
  apply: 'Apply',
  choose: 'Choose at least one question.',
  actions: {
    test: 'Add to a test',
    category: 'Move to a category',
    tag: 'Add a tag',
    untag: 'Remove a tag',
    share: 'Share',
    unshare: 'Stop sharing',
    remove: 'Remove from the bank',
  },
  fields: {
    action: 'Action',
    test: 'Test',
    category: 'Category',
    tag: 'Tag',
    with: 'With whom',
  },
  fieldsHint: 'Fill in what the action needs.',
  usage: 'Where it is used',
  drawn: 'May be drawn at random in: {{titles}}',
  versions: 'Versions',
  version: 'Version {{version}}',
  preview: 'As a student sees it',
};

export const mediaTexts: English<typeof mediaTextsRu> = {
  attach: 'Picture or audio',
  attachHint:
    'Up to {{megabytes}} MB: PNG, JPEG, GIF, WebP, SVG, MP3, OGG. It goes into the field that you wrote in last. A picture can be pasted as well.',
  insert: 'Put into the question',
};

export const pictureQuestionTexts: English<typeof pictureQuestionTextsRu> = {
  picture: 'Picture',
  choosePicture: 'Choose a picture',
  otherPicture: 'Another picture',
  showPicture: 'Upload the picture',
  drawHint: 'Draw each area on the picture with the pointer, or type its coordinates below.',
  areaShape: 'Area {{number}}: shape',
  areaCoords: 'Area {{number}}: coordinates',
  areaLabel: 'Description',
  areaLabelNumber: 'Area {{number}}: description for those who do not see the picture',
  shapes: {
    rect: 'rectangle',
    circle: 'circle',
    poly: 'polygon',
  },
  coords: {
    rect: 'left, top, right, bottom',
    circle: 'x, y, radius',
    poly: 'x, y, x, y, x, y…',
  },
  saveNext: 'Save and next',
  preview: 'Preview',
  previewTitle: 'As the student will see it',
};

export const pictureAnswerTexts: English<typeof pictureAnswerTextsRu> = {
  picture: 'Picture of the question',
};

export const bankDone: English<typeof bankDoneRu> = {
  bankChanged: 'Done',
  bankChangedPartly:
    'Done. Some questions are as they were: they stand in tests, were like that, or are being edited',
  bankTaken: 'Questions copied to the bank',
};
