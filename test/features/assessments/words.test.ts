import { expect } from 'chai';
import { textsOfTypes } from '../../../src/features/assessments/types/index.js';
import { ru } from '../../../src/i18n/ru.js';

/** «Сдан» in all its forms, and not «создан». */
const PASSED = /(?<!\p{L})сда(?:н|л|ть|й|ё|ю|ч|м|шь)\p{L}*/iu;
/** Where a pass mark is meant. */
const OF_A_PASS_MARK = /^assessments\.(?:standing\.(?:passed|failed)|rules\.pass|settings\.passHint)$/;

function* textsOf(part: object, path: readonly string[] = []): Generator<readonly [string, string]> {
  for (const [name, value] of Object.entries(part)) {
    if (typeof value === 'string') yield [[...path, name].join('.'), value];
    else yield* textsOf(value as object, [...path, name]);
  }
}

describe('the Russian words of tests', () => {
  it('say «сдан» only of a pass mark: a test that was taken is «завершён» or «пройден»', () => {
    const texts = [...textsOf(ru), ...textsOf(textsOfTypes('ru'))].filter(([key]) =>
      /^(?:assessments|types|errors|home|grades|notifications)\./.test(key),
    );
    expect(texts.length).to.be.above(500);
    const wrong = texts.filter(([key, text]) => PASSED.test(text) && !OF_A_PASS_MARK.test(key));
    expect(wrong).to.deep.equal([]);
    for (const key of ['assessments.standing.passed', 'assessments.standing.failed']) {
      expect(new Map(texts).get(key), key).to.match(PASSED);
    }
  });
});
