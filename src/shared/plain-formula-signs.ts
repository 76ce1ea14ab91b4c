/** Signs of plain text that stand for commands of TeX. */

/** Relations and operations: spaces stand around them. */
export const OPERATORS: Readonly<Record<string, string>> = {
  ...{ cdot: '·', times: '×', div: '÷', pm: '±', mp: '∓', ast: '∗', circ: '∘', oplus: '⊕', otimes: '⊗' },
  ...{ le: '≤', leq: '≤', leqslant: '≤', ge: '≥', geq: '≥', geqslant: '≥', ne: '≠', neq: '≠' },
  ...{ lt: '<', gt: '>', ll: '≪', gg: '≫', approx: '≈', equiv: '≡', sim: '∼', simeq: '≃', cong: '≅' },
  ...{ propto: '∝', parallel: '∥', perp: '⊥', mid: '|', in: '∈', notin: '∉', ni: '∋' },
  ...{ subset: '⊂', supset: '⊃', subseteq: '⊆', supseteq: '⊇', cup: '∪', cap: '∩', setminus: '∖' },
  ...{ to: '→', rightarrow: '→', leftarrow: '←', leftrightarrow: '↔', mapsto: '↦', longrightarrow: '→' },
  ...{ Rightarrow: '⇒', Leftarrow: '⇐', Leftrightarrow: '⇔', iff: '⇔', implies: '⇒' },
  ...{ land: '∧', wedge: '∧', lor: '∨', vee: '∨', vdots: '⋮' },
};

/** What stands for itself, like a letter. */
export const SIGNS: Readonly<Record<string, string>> = {
  ...{ alpha: 'α', beta: 'β', gamma: 'γ', delta: 'δ', epsilon: 'ε', varepsilon: 'ε', zeta: 'ζ', eta: 'η' },
  ...{ theta: 'θ', vartheta: 'ϑ', iota: 'ι', kappa: 'κ', lambda: 'λ', mu: 'μ', nu: 'ν', xi: 'ξ', pi: 'π' },
  ...{ rho: 'ρ', varrho: 'ϱ', sigma: 'σ', varsigma: 'ς', tau: 'τ', upsilon: 'υ', phi: 'φ', varphi: 'φ' },
  ...{ chi: 'χ', psi: 'ψ', omega: 'ω', Gamma: 'Γ', Delta: 'Δ', Theta: 'Θ', Lambda: 'Λ', Xi: 'Ξ', Pi: 'Π' },
  ...{ Sigma: 'Σ', Upsilon: 'Υ', Phi: 'Φ', Psi: 'Ψ', Omega: 'Ω' },
  ...{ infty: '∞', partial: '∂', nabla: '∇', hbar: 'ħ', ell: 'ℓ', Re: 'Re', Im: 'Im', emptyset: '∅' },
  ...{ varnothing: '∅', forall: '∀', exists: '∃', neg: '¬', lnot: '¬', angle: '∠', triangle: '△' },
  ...{ degree: '°', prime: '′', ldots: '…', dots: '…', cdots: '⋯', sum: '∑', prod: '∏', int: '∫' },
  ...{ iint: '∬', oint: '∮', lbrace: '{', rbrace: '}', lbrack: '[', rbrack: ']', vert: '|', lvert: '|' },
  ...{ rvert: '|', Vert: '‖', lVert: '‖', rVert: '‖', langle: '⟨', rangle: '⟩', lfloor: '⌊' },
  ...{ rfloor: '⌋', lceil: '⌈', rceil: '⌉', backslash: '\\', square: '□', therefore: '∴', because: '∵' },
};

/** Functions that are written out; a space keeps them apart from a letter. */
export const FUNCTIONS: ReadonlySet<string> = new Set(
  'sin cos tan tg cot ctg cotg sec csc arcsin arccos arctan arctg arcctg sinh cosh tanh sh ch th log lg ln exp lim max min sup inf det dim deg gcd arg ker Pr'.split(
    ' ',
  ),
);

/** What changes only how a formula looks. */
export const STYLES: ReadonlySet<string> = new Set(
  'mathrm mathbf mathit mathsf mathcal mathfrak mathscr boldsymbol bm underline boxed displaystyle textstyle limits nolimits'.split(
    ' ',
  ),
);

/** A mark over a letter, as a combining character. */
export const ACCENTS: Readonly<Record<string, string>> = {
  ...{ vec: '\u20D7', overrightarrow: '\u20D7', overline: '\u0305', bar: '\u0304' },
  ...{
    hat: '\u0302',
    widehat: '\u0302',
    tilde: '\u0303',
    widetilde: '\u0303',
    dot: '\u0307',
    ddot: '\u0308',
  },
};

/** Sets of numbers. */
export const DOUBLE_STRUCK: Readonly<Record<string, string>> = {
  ...{ N: 'ℕ', Z: 'ℤ', Q: 'ℚ', R: 'ℝ', C: 'ℂ', P: 'ℙ' },
};

const table = (from: string, to: string): ReadonlyMap<string, string> => {
  const signs = Array.from(to);
  return new Map(Array.from(from).map((letter, at) => [letter, signs[at] ?? letter]));
};

export const RAISED = table(
  '0123456789+−=()abcdefghijklmnoprstuvwxyzαβγδθφ',
  '⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᵅᵝᵞᵟᶿᵠ',
);

export const LOWERED = table(
  '0123456789+−=()aehijklmnoprstuvxβγρφχ',
  '₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ',
);
