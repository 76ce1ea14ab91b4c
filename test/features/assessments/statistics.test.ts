import { expect } from 'chai';
import { fifthsOf } from '../../../src/features/assessments/statistics/fifths.js';
import {
  covariance,
  figuresOf,
  histogramOf,
} from '../../../src/features/assessments/statistics/statistics.js';

/** Rows of attempts: the share of each question, all worth one point. */
const attempts = (rows: readonly (readonly (number | null)[])[]) =>
  rows.map((row) => ({
    fractions: new Map(row.map((fraction, place) => [String(place), fraction])),
    score: row.reduce<number>((sum, fraction) => sum + (fraction ?? 0), 0),
    maximum: row.length,
  }));
const questions = (count: number) =>
  Array.from({ length: count }, (_, place) => ({ key: String(place), mark: 1 }));

describe('statistics of a test', () => {
  // Four students, three questions of one point:
  //   A 1 1 1 = 3, B 1 1 0 = 2, C 1 0 0 = 1, D 0 0 0 = 0.
  const four = figuresOf(
    attempts([
      [1, 1, 1],
      [1, 1, 0],
      [1, 0, 0],
      [0, 0, 0],
    ]),
    questions(3),
  );

  it('has the facility of each question: 3/4, 2/4 and 1/4', () => {
    expect(four.questions.map(({ facility }) => facility)).to.deep.equal([75, 50, 25]);
  });

  it('has mean and median 50 %, deviation √(5/3)/3', () => {
    // Scores 3 2 1 0: mean 1.5, squares 2.25 + 0.25 + 0.25 + 2.25 = 5, variance 5/3, of three points.
    expect(four.mean).to.be.closeTo(50, 1e-9);
    expect(four.median).to.be.closeTo(50, 1e-9);
    expect(four.deviation).to.be.closeTo((100 * Math.sqrt(5 / 3)) / 3, 1e-9);
  });

  it('has alpha 75 %: 3/2 · (1 − (1/4 + 1/3 + 1/4) / (5/3))', () => {
    // Variances: 0.75·0.25·4/3 = 1/4, 0.5·0.5·4/3 = 1/3, 1/4. Sum 5/6; 1 − (5/6)/(5/3) = 1/2; · 3/2.
    expect(four.alpha).to.be.closeTo(75, 1e-9);
  });

  it('has the standard error: deviation · √(1 − 0.75), half the deviation', () => {
    expect(four.error).to.be.closeTo((four.deviation ?? 0) / 2, 1e-9);
  });

  it('has the discrimination of the first question: covariance 1/4 over √(1/4 · 11/12)', () => {
    // Points 1 1 1 0, rest 2 1 0 0 (mean 3/4): deviations 1/4·(5/4 + 1/4 − 3/4) + (−3/4)(−3/4) = 3/16 + 9/16 = 3/4,
    // over n − 1 = 1/4. Variance of the rest: (25 + 1 + 9 + 9)/16 / 3 = 11/12.
    expect(four.questions[0]?.discrimination).to.be.closeTo(
      (100 * (1 / 4)) / Math.sqrt((1 / 4) * (11 / 12)),
      1e-9,
    );
  });

  it('counts scores in ten bins, 100 % in the last', () => {
    expect(histogramOf([0, 0.05, 0.1, 0.3, 0.999, 1])).to.deep.equal([2, 1, 0, 1, 0, 0, 0, 0, 0, 2]);
  });

  it('says nothing that one attempt cannot tell', () => {
    const figures = figuresOf(attempts([[1, 0]]), questions(2));
    expect(figures).to.deep.include({ count: 1, mean: 50, deviation: null, alpha: null, error: null });
    expect(figures.questions[0]).to.include({ facility: 100, deviation: null, discrimination: null });
  });

  it('has no discrimination where all answers are alike', () => {
    const alike = figuresOf(
      attempts([
        [1, 1],
        [1, 0],
      ]),
      questions(2),
    );
    expect(alike.questions[0]?.discrimination).to.equal(null);
  });

  it('leaves out responses that were not asked for or wait for a mark', () => {
    const drawn = figuresOf(
      attempts([
        [1, null],
        [0, null],
        [1, 1],
      ]),
      questions(2),
    );
    expect(drawn.questions.map(({ count }) => count)).to.deep.equal([3, 1]);
    expect(drawn.questions[1]?.facility).to.equal(100);
  });

  describe('by fifths of the group', () => {
    it('has the mean share of each fifth, the weakest first', () => {
      // Ten students, three questions, results 0 0 1 1 2 2 2 2 3 3 (of 3): fifths are pairs.
      // Question 0: 0 0 | 1 0 | 1 1 1 1 (results of 2, alike) | 1 1: 0, 1/2, 1, 1, 1.
      // Question 2 is right for the strongest, and for two of the four with result 2, who share two fifths: 1/2 in each.
      const rows = [
        ...[0, 0, 0, 0, 0, 0],
        ...[1, 0, 0, 0, 1, 0],
        ...[1, 1, 0, 1, 1, 0, 1, 0, 1, 1, 0, 1],
        ...[1, 1, 1, 1, 1, 1],
      ];
      const ten = attempts(Array.from({ length: 10 }, (_, row) => rows.slice(3 * row, 3 * row + 3)));
      const fifths = fifthsOf(ten, ['0', '1', '2']);
      expect(fifths?.get('0')).to.deep.equal([0, 50, 100, 100, 100]);
      expect(fifths?.get('1')).to.deep.equal([0, 50, 50, 50, 100]);
      expect(fifths?.get('2')).to.deep.equal([0, 0, 50, 50, 100]);
      expect(fifthsOf([...ten].reverse(), ['2'])?.get('2'), 'in whatever order').to.deep.equal([
        0, 0, 50, 50, 100,
      ]);
    });

    it('cuts seven students into 2, 1, 2, 1, 1', () => {
      // Places 0 to 6 of 7: ⌊5 · place / 7⌋ = 0 0 1 2 2 3 4. One question worth its share: 0, 1/6 … 1.
      const seven = attempts(Array.from({ length: 7 }, (_, place) => [place / 6]));
      const [first, second, third, fourth, fifth] = fifthsOf(seven, ['0'])?.get('0') ?? [];
      expect(first).to.be.closeTo(100 / 12, 1e-9);
      expect(second).to.be.closeTo(200 / 6, 1e-9);
      expect(third).to.be.closeTo(700 / 12, 1e-9);
      expect(fourth).to.be.closeTo(500 / 6, 1e-9);
      expect(fifth).to.equal(100);
    });

    it('leaves out those who were not asked, and says nothing of a group of four', () => {
      const five = attempts([
        [null, 0],
        [0, 0.1],
        [1, 0],
        [1, 0.5],
        [1, 1],
      ]);
      // Results of 2: 0, 0.1, 1, 1.5, 2; the weakest was not asked question 0.
      expect(fifthsOf(five, ['0'])?.get('0')).to.deep.equal([null, 0, 100, 100, 100]);
      expect(fifthsOf(five.slice(1), ['0'])).to.equal(null);
    });
  });

  it('works out covariances of the sample', () => {
    // (−1)(−2) + 0·0 + 1·2 = 4, over 2.
    expect(covariance([1, 2, 3], [2, 4, 6])).to.equal(2);
  });
});
