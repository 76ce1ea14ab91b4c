import { expect } from 'chai';
import { TOPICS } from '../../../src/features/notifications/kinds/kind.js';
import { givenNameIn, nameIn } from '../../../src/shared/name-cases.js';
import { fill, unknownVariables } from '../../../src/features/notifications/sending/template.js';
import { dueReminder } from '../../../src/features/notifications/schedule/reminders.js';
import { quietUntil } from '../../../src/features/notifications/schedule/days.js';
import { createPacer } from '../../../src/features/notifications/sending/pacer.js';
import {
  channelsFor,
  mayFollowByMail,
  type Reach,
} from '../../../src/features/notifications/sending/routing.js';
import { CHANNELS } from '../../../src/features/notifications/channels/channel.js';

const kind = {
  name: 'test-opened',
  topic: 'tests',
  by: ['page', 'mail', 'messenger'],
  obligatory: false,
} as const;
/** Of a person who has chosen nothing. */
const reach: Reach = {
  ...{ mail: true, messengers: ['max'], push: true },
  ...{ chosen: null, decided: TOPICS, known: CHANNELS, ownKinds: [], ownChosen: [], unsubscribed: [] },
};
const WRITING = { locale: 'ru', zone: 'Europe/Moscow' } as const;
const name = (surname: string, givenName: string, patronymic: string) => ({ surname, givenName, patronymic });

describe('names in their cases', () => {
  it('follow the gender of the patronymic, and stay as they are without one', () => {
    const dative = (...parts: [string, string, string]): string => nameIn(name(...parts), 'dative', 'ru');
    expect(dative('Соколова', 'Анна', 'Ильинична')).to.equal('Соколовой А. И.');
    expect(dative('Ёлкин', 'Семён', 'Аркадьевич')).to.equal('Ёлкину С. А.');
    expect(dative('Черных', 'Анна', 'Ильинична')).to.equal('Черных А. И.');
    expect(dative('Штерн', 'Анна', 'Марковна')).to.equal('Штерн А. М.');
    expect(dative('Штерн', 'Марк', 'Львович')).to.equal('Штерну М. Л.');
    expect(dative('Ким', 'Ли', '')).to.equal('Ким Л.');
    expect(nameIn(name('Соколова', 'Анна', 'Ильинична'), 'dative', 'en')).to.equal('Соколова А. И.');
  });

  it('are corrected where the rules of the library are wrong', () => {
    expect(nameIn(name('Бонч-Бруевич', 'Михаил', 'Ильич'), 'genitive', 'ru')).to.equal('Бонч-Бруевича М. И.');
    expect(givenNameIn(name('', 'Илья', 'Кузьмич'), 'instrumental', 'ru')).to.equal('Ильей Кузьмичом');
    expect(givenNameIn(name('', 'Пётр', 'Ильич'), 'instrumental', 'ru')).to.equal('Петром Ильичом');
  });
});

describe('the language of templates', () => {
  it('puts variables in and leaves out a line whose variables are all empty', () => {
    const values = { title: 'Алгебра {{link}}', link: '', when: new Date('2026-12-01T12:00:00Z') };
    expect(fill('{{title}}\nСсылка: {{link}}\n\n{{ when.time }}', values, WRITING)).to.equal(
      'Алгебра {{link}}\n\n15:00',
    );
  });

  it('writes numbers and times as the language does, with the zone where it is asked for', () => {
    const values = { score: 7.333333, when: new Date('2026-12-01T12:00:00Z') };
    expect(fill('{{score}} {{when.zone}}', values, WRITING)).to.equal('7,33 московское (UTC+3)');
    expect(fill('{{score}} {{when.day}}', values, { ...WRITING, locale: 'en' })).to.equal(
      '7.33 Tuesday 1 December',
    );
  });

  it('knows no variable, form or brace beyond its own', () => {
    const unknown = (template: string): string[] => unknownVariables(template, ['title', 'when']);
    expect(unknown('{{title}} {{when.day}} {{ title.dative }} { } }')).to.deep.equal([]);
    for (const wrong of ['{{other}}', '{{title.length}}', '{{title', 'x}}', '{{title()}}', '{{}}'])
      expect(unknown(wrong), wrong).to.have.length(1);
  });
});

describe('times of messages', () => {
  const at = (text: string): Date => new Date(`2026-03-10T${text}:00Z`);

  it('of several reminders that are due, the last one is sent', () => {
    const lesson = { startsAt: at('12:00'), since: new Date('2026-03-01T00:00:00Z') };
    const due = (time: string): number | null => dueReminder(lesson, at(time), [1_440, 60]);
    expect([due('00:00'), due('10:59'), due('11:00'), due('11:59'), due('12:00')]).to.deep.equal([
      1_440,
      1_440,
      60,
      60,
      null,
    ]);
    expect(dueReminder(lesson, at('11:30'), [])).to.equal(null);
  });

  it('quiet hours end at the wall clock, over midnight and within a day', () => {
    const quiet = { from: 22 * 60, to: 7 * 60, zone: 'Europe/Moscow' };
    expect(quietUntil(at('20:30'), quiet)).to.deep.equal(new Date('2026-03-11T04:00:00Z'));
    expect(quietUntil(at('03:59'), quiet)).to.deep.equal(at('04:00'));
    expect(quietUntil(at('04:00'), quiet)).to.equal(null);
    expect(quietUntil(at('10:00'), { ...quiet, from: 12 * 60, to: 14 * 60 })).to.deep.equal(at('11:00'));
    expect(quietUntil(at('10:00'), { ...quiet, from: 0, to: 0 })).to.equal(null);
  });

  it('messages of a channel leave no quicker than it takes them', async () => {
    let elapsed = 5_000;
    const pauses: number[] = [];
    let late = 0;
    const pacer = createPacer(
      10,
      () => elapsed,
      (ms) => {
        pauses.push(ms);
        elapsed += ms + late;
        return Promise.resolve();
      },
    );
    for (let message = 0; message < 4; message++) await pacer.turn();
    expect(pauses, 'the first leaves at once').to.deep.equal([100, 100, 100]);
    elapsed += 50;
    await pacer.turn();
    elapsed += 1_000;
    await pacer.turn();
    expect(pauses).to.deep.equal([100, 100, 100, 50]);
    late = 300;
    await Promise.all([pacer.turn(), pacer.turn()]);
    expect(pauses, 'no bunch after the process was held up').to.deep.equal([100, 100, 100, 50, 100, 100]);
  });

  it('a linked messenger takes the place of e-mail until the person chooses', () => {
    expect(channelsFor(kind, reach)).to.deep.equal(['max']);
    expect(channelsFor(kind, { ...reach, messengers: [] })).to.deep.equal(['mail']);
    expect(channelsFor(kind, { ...reach, chosen: ['tests:mail', 'tests:max'] })).to.deep.equal([
      'mail',
      'max',
    ]);
    expect(channelsFor(kind, { ...reach, chosen: [] })).to.deep.equal([]);
    const before = { ...reach, chosen: [], decided: ['grades'] } as const;
    expect(channelsFor(kind, before), 'a topic that has come since').to.deep.equal(['max']);
    expect(channelsFor({ ...kind, obligatory: true }, { ...reach, chosen: [] })).to.deep.equal(['mail']);
  });

  it('a messenger linked after the choice brings what the person wants to be told of', () => {
    const chose = { ...reach, chosen: ['tests:mail'], known: ['mail'] } as const;
    expect(channelsFor(kind, { ...chose, messengers: [] })).to.deep.equal(['mail']);
    expect(channelsFor(kind, chose)).to.deep.equal(['mail', 'max']);
    expect(channelsFor(kind, { ...chose, chosen: [] }), 'not what was switched off').to.deep.equal([]);
    expect(channelsFor(kind, { ...chose, known: ['mail', 'max'] })).to.deep.equal(['mail']);
  });

  it('e-mail takes the place of a messenger that was chosen and is linked no more, unless it is refused', () => {
    const gone = { ...reach, messengers: [], chosen: ['tests:max'] } as const;
    expect(channelsFor(kind, gone)).to.deep.equal(['mail']);
    expect(channelsFor(kind, { ...gone, unsubscribed: ['tests'] })).to.deep.equal([]);
    expect(channelsFor(kind, { ...gone, chosen: [] })).to.deep.equal([]);
    const letter = { ...kind, by: ['page', 'mail'] } as const;
    expect(channelsFor(letter, { ...gone, messengers: ['max'] }), 'what no messenger takes').to.deep.equal([
      'mail',
    ]);
  });

  it('a kind’s own choice comes before its topic’s, by each channel', () => {
    const own = { ...reach, chosen: ['tests:mail'], ownKinds: ['test-opened'] } as const;
    expect(channelsFor(kind, { ...own, ownChosen: ['test-opened:max'] })).to.deep.equal(['max']);
    expect(channelsFor(kind, { ...own, ownChosen: [] })).to.deep.equal([]);
    expect(channelsFor({ ...kind, obligatory: true }, { ...own, ownChosen: [] })).to.deep.equal(['mail']);
    const other = { ...kind, name: 'test-closing' };
    expect(channelsFor(other, { ...own, ownChosen: ['test-opened:max'] })).to.deep.equal(['mail']);
    const refused = { ...own, unsubscribed: ['tests'], ownChosen: ['test-opened:mail'] } as const;
    expect(channelsFor(kind, refused), 'chosen after the topic was refused').to.deep.equal(['mail']);
    expect(channelsFor(other, refused)).to.deep.equal([]);
  });

  it('e-mail follows a messenger that failed, but not where it is refused or nothing is wanted by now', () => {
    const chose = { ...reach, chosen: ['tests:max'] } as const;
    expect(mayFollowByMail(kind, reach)).to.equal(true);
    expect(mayFollowByMail(kind, chose)).to.equal(true);
    expect(mayFollowByMail(kind, { ...chose, unsubscribed: ['tests'] })).to.equal(false);
    expect(mayFollowByMail(kind, { ...chose, unsubscribed: ['kind:test-opened'] })).to.equal(false);
    expect(mayFollowByMail(kind, { ...chose, ownKinds: ['test-opened'] })).to.equal(false);
    expect(mayFollowByMail(kind, { ...chose, chosen: [] })).to.equal(false);
    expect(mayFollowByMail({ ...kind, obligatory: true }, { ...chose, chosen: [] })).to.equal(true);
    expect(mayFollowByMail(kind, { ...chose, mail: false })).to.equal(false);
  });
});
