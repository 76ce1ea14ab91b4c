import { expect } from 'chai';
import { plainFormulas } from '../../src/shared/plain-formulas.js';

describe('formulas in plain text', () => {
  const written: readonly (readonly [string, string])[] = [
    ['$x^2 + \\frac{1}{2}$', 'x² + 1/2'],
    ['Решите $x^2-5x+6=0$ до среды', 'Решите x² − 5x + 6 = 0 до среды'],
    ['$\\frac{-b\\pm\\sqrt{b^2-4ac}}{2a}$', '(−b ± √(b² − 4ac))/(2a)'],
    ['$\\sqrt{2}$, $\\sqrt[3]{x}$, $\\sqrt[n]{a+b}$', '√2, ∛x, ⁿ√(a + b)'],
    ['$a_1, a_2, \\ldots, a_n$', 'a₁, a₂, …, aₙ'],
    ['$x \\le 5$ и $y\\neq-3$', 'x ≤ 5 и y ≠ −3'],
    ['$\\sin\\alpha + \\cos 2x$', 'sin α + cos 2x'],
    ['$|x-1|<3$', '|x − 1| < 3'],
    ['$\\sum_{i=1}^{n} i$', '∑ᵢ₌₁ⁿ i'],
    ['$\\int_0^1 x\\,dx$', '∫₀¹ x dx'],
    ['$\\lim_{x\\to 0} f(x)$', 'lim_(x → 0) f(x)'],
    ['$\\angle ABC = 90^\\circ$', '∠ABC = 90°'],
    ['$\\vec{a} \\cdot \\overline{z}$', 'a\u20D7 · z\u0305'],
    ['$x \\in \\mathbb{R}$', 'x ∈ ℝ'],
    ['$v = 5\\ \\text{км/ч}$', 'v = 5 км/ч'],
    ['$\\textstyle\\sum x$', '∑x'],
    ['$\\left(\\frac{a}{b}\\right)^2$', '(a/b)²'],
    ['$2^{x+1}$ и $2^{\\frac{x}{2}}$', '2ˣ⁺¹ и 2^(x/2)'],
    ["$f'(x)$", 'f′(x)'],
    ['$\\begin{cases} x+y=1 \\\\ x-y=3 \\end{cases}$', '{ x + y = 1; x − y = 3'],
    ['$\\begin{pmatrix} 1 & 2 \\\\ 3 & 4 \\end{pmatrix}$', '(1, 2; 3, 4)'],
    ['$$E = mc^2$$ и \\(p\\), \\[q\\]', 'E = mc² и p, q'],
    ['$H_2O$ и $10^{-3}$', 'H₂O и 10⁻³'],
    ['$0,5x$ и $3{,}14$', '0,5x и 3,14'],
  ];
  for (const [typed, plain] of written)
    it(`${typed} is written ${plain}`, () => {
      expect(plainFormulas(typed)).to.equal(plain);
    });

  it('leaves money, addresses, braces and commands that it does not know as they were typed', () => {
    for (const text of [
      'Учебник за $5 и $6',
      'https://example.org/a$b$c',
      '$\\unknown{x}$',
      '$\\frac{1}{$',
      '$x}$',
      '$a & b$',
      '{{course}} \\ {x}',
    ])
      expect(plainFormulas(text)).to.equal(text);
  });

  it('reads a hostile text in no time', () => {
    const nested = `$${'{'.repeat(1_900)}$`;
    expect(plainFormulas(nested)).to.equal(nested);
    const roots = `$${'\\sqrt{'.repeat(300)}$`;
    expect(plainFormulas(roots.repeat(50))).to.equal(roots.repeat(50));
    const word = 'a'.repeat(990);
    expect(plainFormulas(`$${word}+${"'".repeat(990)}$`.repeat(5))).to.equal(
      `${word} + ${'′'.repeat(990)}`.repeat(5),
    );
  });
});
